/** What must hold before any test runs: types, lint and formatting, generated files, file sizes, words that do not belong. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
let failed = 0;

function run(name, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', shell: false });
  if (status === 0) return;
  failed++;
  console.error(`check: ${name} failed\n${stdout}${stderr}`);
}

run('types', 'node_modules/.bin/tsc', ['-p', '.']);
run('lint and formatting', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']);
run('generated files', process.execPath, ['scripts/generate.js', '--check']);

/** A reader takes a file in at once. */
const MOST_LINES = 250;
const files = execFileSync('git', ['ls-files', 'src', 'test', 'bench', 'scripts'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(ts|js|cjs|py|pl|sh)$/.test(file));
for (const file of files) {
  if (file.includes('/fixtures/')) continue;
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    continue; // Deleted in the work tree, not yet in the index.
  }
  const lines = text.split('\n').length - 1;
  if (lines > MOST_LINES) {
    failed++;
    console.error(`check: ${file} has ${lines} lines, more than ${MOST_LINES}`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
