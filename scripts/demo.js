/** The demo: a saved incident, diagnosed. Prints the command before it runs. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = ['doctor', '--snapshot', 'docs/examples/reverse-path.json'];
console.log(`$ kmcast ${args.join(' ')}\n`);
const { status } = spawnSync(process.execPath, ['bin/kmcast.js', ...args], { cwd: root, stdio: 'inherit' });
// The incident is a broken one: the diagnosis ends with 1, and the demo has done its job.
process.exitCode = status === 1 ? 0 : (status ?? 1);
