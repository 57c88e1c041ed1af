#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/main.js', import.meta.url);
if (existsSync(bundle)) await import(bundle.href);
else {
  const root = fileURLToPath(new URL('..', import.meta.url));
  process.stderr.write(`kmcast is not built yet: run "npm test" or "scripts/setup" in ${root}\n`);
  process.exitCode = 3;
}
