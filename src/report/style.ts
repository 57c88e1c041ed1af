/** Emphasis for terminals: words carry the meaning, colour only helps. */
import { styleText } from 'node:util';

export interface Style {
  readonly width: number;
  readonly bad: (text: string) => string;
  readonly good: (text: string) => string;
  readonly doubt: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

/** @param width columns; @param colour whether escape sequences may be used. */
export function style(width: number, colour: boolean): Style {
  const by = (format: Format) => (text: string) => (colour ? styleText(format, text, { validateStream: false }) : text);
  return {
    width,
    bad: by(['red', 'bold']),
    good: by(['green', 'bold']),
    doubt: by(['yellow', 'bold']),
    strong: by('bold'),
    faint: by('dim'),
  };
}

/** The text broken at white space, its own line ends among it, into lines of at most `width` columns: no text can pose as a line of the report. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
