/** The only place that writes to the terminal. Reports go to stdout; progress and messages to stderr. */
import { printable } from '../report/printable.ts';
import { type Style, style } from '../report/style.ts';
import { Spinner } from './spinner.ts';

/** Widest line that reads well. */
const WIDEST = 110;

export interface Terminal {
  readonly style: Style;
  /** Writes a report and waits until it is out: piped JSON must not be cut short. */
  readonly write: (text: string) => Promise<void>;
  /** A message on stderr; nothing with --quiet. */
  readonly say: (text: string) => void;
  /** Whether progress is shown. */
  readonly live: boolean;
  /** What is being done, a line or several, on a terminal only; replaced by the next. */
  readonly progress: (text: string) => void;
  readonly done: () => void;
}

export interface GlobalOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** The terminal as the global options want it. */
export function openTerminal(globals: GlobalOptions): Terminal {
  return terminal({ quiet: globals.quiet, colour: globals.color });
}

interface TerminalOptions {
  readonly quiet: boolean;
  readonly colour: boolean;
}

function terminal(options: TerminalOptions): Terminal {
  const { stdout, stderr } = process;
  const dumb = process.env.TERM === 'dumb';
  const colour =
    options.colour &&
    (process.env.NO_COLOR ?? '') === '' &&
    (process.env.FORCE_COLOR !== undefined || (stdout.isTTY === true && !dumb));
  const live = stderr.isTTY === true && !options.quiet && !dumb;
  /** Lines of what is shown now. */
  let shown = 0;
  const spinner = new Spinner();
  const clear = () => {
    spinner.clear();
    if (shown > 0) stderr.write(`\r\u001b[K${'\u001b[1A\u001b[2K'.repeat(shown - 1)}`);
    shown = 0;
  };
  return {
    live,
    style: style(Math.min(stdout.columns || Number(process.env.COLUMNS) || 100, WIDEST), colour),
    write: (text) =>
      new Promise((resolve, reject) => {
        clear();
        stdout.write(text, (error) =>
          error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE'
            ? resolve()
            : reject(error),
        );
      }),
    say: (text) => {
      if (options.quiet) return;
      clear();
      stderr.write(`kmcast: ${printable(text)}\n`);
    },
    progress: (text) => {
      if (!live) return;
      // A terminal without a size says 0 columns, by which the spinner would divide.
      if (!text.includes('\n') && shown === 0 && stderr.columns > 0) return spinner.show(printable(text));
      clear();
      const width = (stderr.columns || 80) - 1;
      const lines = printable(text)
        .split('\n')
        .slice(0, Math.max(1, (stderr.rows || 24) - 1))
        .map((line) => line.slice(0, width));
      stderr.write(lines.join('\n'));
      shown = lines.length;
    },
    done: clear,
  };
}
