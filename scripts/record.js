/**
 * Makes docs/demo.svg of a real run of the demo: node scripts/record.js [OUTPUT]. Needs script (util-linux) and what the demo needs.
 * Commands and output are the run's; long waits are cut short, and bursts of output scroll.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { paced } from './record/pace.js';
import { Screen } from './record/screen.js';
import { svg } from './record/svg.js';

const SHAPE = {
  columns: 120,
  rows: 34,
  title: 'kmcast lab demo: a pod gets nothing; the cause, the sender, the fix, the proof',
};
const root = fileURLToPath(new URL('..', import.meta.url));
const output = process.argv[2] ?? `${root}/docs/demo.svg`;
const program = process.env.KMCAST_BIN ?? `${root}/bin/kmcast.js`;

const screen = new Screen(SHAPE.columns);
const begun = performance.now();
const command = `stty cols ${SHAPE.columns} rows ${SHAPE.rows}; exec '${process.execPath}' '${program}' lab demo`;
const { NO_COLOR: _, ...env } = process.env;
const child = spawn('script', ['-q', '-e', '-c', command, '/dev/null'], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...env, TERM: 'xterm-256color' },
});
child.stdout.setEncoding('utf8');
screen.write('\u001b[2m$\u001b[22m \u001b[1mkmcast lab demo\u001b[22m\n', 0);
child.stdout.on('data', (text) => screen.write(text, (performance.now() - begun) / 1000));
child.on('close', (status) => {
  process.exitCode = status ?? 1;
  if (status !== 0) return console.error(`record: the demo ended with ${status}; ${output} stays as it was`);
  const lines = screen.lines();
  writeFileSync(output, svg(lines, paced(lines), SHAPE));
});
