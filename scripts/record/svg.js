/** Lines with their times as an SVG that plays by itself: CSS alone, so that it does so within an <img>. Pure. */

const FONT = 12;
const CELL = 7.225;
const LINE = 16;
const MARGIN = 14;
/** Seconds that the end stays. */
const HOLD = 6;

/** A dark terminal, on light and on dark pages. */
const STYLE = `text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d1d7e0;white-space:pre}
.bold{font-weight:700;fill:#f0f6fc}.faint{fill:#8b949e}.red{fill:#ff7b72}.green{fill:#56d364}.yellow{fill:#e3b341}.cyan{fill:#56d4dd}`;

/**
 * @param {import('./screen.js').Line[]} lines
 * @param {number[]} times when each shows, in seconds
 * @param {{ columns: number, rows: number, title: string }} shape what is seen at once
 */
export function svg(lines, times, { columns, rows, title }) {
  const total = (times.at(-1) ?? 0) + HOLD;
  const percent = (time) => `${Math.round((time / total) * 1e5) / 1e3}%`;
  const width = Math.ceil(columns * CELL + 2 * MARGIN);
  const height = rows * LINE + 2 * MARGIN;
  const scroll = (index) => `transform:translateY(${-Math.max(0, index + 1 - rows) * LINE}px)`;
  const moves = lines.flatMap((_, index) => (index < rows ? [] : [`${percent(times[index])}{${scroll(index)}}`]));
  const shows = lines.map(
    (_, i) =>
      `@keyframes l${i}{0%{visibility:hidden}${percent(times[i])},to{visibility:visible}}#l${i}{animation-name:l${i}}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">
<title id="t">${escaped(title)}</title>
<style>${STYLE}
#s{${scroll(lines.length - 1)};animation:s}
@keyframes s{0%{transform:none}${moves.join('')}to{${scroll(lines.length - 1)}}}
#s,#s text{animation-duration:${total.toFixed(2)}s;animation-iteration-count:infinite;animation-timing-function:step-end}
${shows.join('')}
@media (prefers-reduced-motion:reduce){#s,#s text{animation:none!important}}</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<svg x="${MARGIN}" y="${MARGIN}" width="${width - 2 * MARGIN}" height="${rows * LINE}"><g id="s">
${lines.map((line, index) => text(line, index)).join('\n')}
</g></svg></svg>
`;
}

/** Every run has its place and its length, whatever font there is. */
function text({ runs }, index) {
  let column = 0;
  const parts = runs.map(({ text: all, style }) => {
    const shown = all.trimStart();
    const at = column + all.length - shown.length;
    column += all.length;
    if (shown === '') return '';
    const look = style === '' ? '' : ` class="${style}"`;
    const place = `x="${round(at * CELL)}" textLength="${round(shown.length * CELL)}"`;
    return `<tspan ${place}${look}>${escaped(shown)}</tspan>`;
  });
  return `<text id="l${index}" y="${index * LINE + FONT}">${parts.join('')}</text>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escaped(value) {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
