/** Bundles the CLI into dist/: one small chunk for --help, others that load with their command. */

import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The agents' programs travel inside the bundle: src/agent/programs.ts finds them here by their path. */
const parts = Object.fromEntries(
  ['python', 'perl', 'node', 'sh'].flatMap((folder) =>
    readdirSync(`${root}/src/agent/${folder}`)
      .filter((file) => /\.(py|pl|cjs|sh)$/.test(file))
      .map((file) => [`${folder}/${file}`, readFileSync(`${root}/src/agent/${folder}/${file}`, 'utf8')]),
  ),
);

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // Capturing on this machine is a process of its own.
  entryPoints: { main: 'src/cli/main.ts', 'native-child': 'src/capture/native-child.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['pcap', 'bufferutil', 'utf-8-validate'],
  define: { KMCAST_AGENT_PARTS: JSON.stringify(parts) },
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages call require for node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
if (existsSync(`${root}/docs/rules`)) cpSync(`${root}/docs/rules`, `${root}/dist/rules`, { recursive: true });
