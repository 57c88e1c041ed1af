#!/usr/bin/env node
/**
 * Runs a benchmark: node bench/run.js NAME [ARGUMENT…] for bench/NAME.ts, which is bundled first, as kmcast itself is.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const [name, ...argv] = process.argv.slice(2);
if (name === undefined) {
  console.error('usage: node bench/run.js NAME [ARGUMENT…]');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'kmcast-bench-'));
try {
  const outfile = join(folder, `${name}.mjs`);
  const source = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  buildSync({
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    // Bundled CommonJS packages call require for node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  process.exitCode = spawnSync(process.execPath, [outfile, ...argv], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
