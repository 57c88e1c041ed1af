/** The optional capture module: tests of it are left out, with a word, where it could not be built. */
import { existsSync } from 'node:fs';
import { it } from 'vitest';

const built = new URL('../../node_modules/pcap/build/Release/pcap_binding.node', import.meta.url);

export const hasModule = existsSync(built);
export const itWithModule = it.runIf(hasModule);

if (!hasModule)
  console.log("the capture module is not built ('npm rebuild pcap' says why): what it alone can do is not tried");
