import { readFileSync } from 'node:fs';

/** From package.json, which stands above both src/cli and dist. */
function readVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'kmcast' && version !== undefined) return version;
    } catch {
      // The other place has it.
    }
  }
  return '0.0.0';
}

export const VERSION = readVersion();
