import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A listing of real rules: made in a namespace by iptables 1.8.9 and nftables 1.0.6. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
}
