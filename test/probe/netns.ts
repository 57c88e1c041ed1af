/** Two hosts with a relay between them, each a network namespace: `a` 10.9.0.1 and fd09::1, `b` 10.9.0.2 and fd09::2, both on `e0`. */
import { execFileSync, spawn } from 'node:child_process';
import { requireTool } from '../helpers/tools.ts';

requireTool('ethtool');

export interface Between {
  /** Starts a command in the host. */
  in(host: 'a' | 'b'): readonly string[];
  ip(host: 'a' | 'b', ...words: string[]): void;
  /** Passes frames from `a` to `b` by this plan; resolves when it stands. */
  relay(plan: {
    readonly drop?: readonly number[];
    readonly double?: readonly number[];
    readonly swap?: readonly number[];
  }): Promise<void>;
  close(): void;
}

export function between(): Between {
  const name = (host: string) => `kmp${process.pid}${host}`;
  const run = (...words: string[]) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const relays: ReturnType<typeof spawn>[] = [];
  for (const host of ['a', 'b', 'r']) run('netns', 'add', name(host));
  for (const [host, index] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    run('link', 'add', 'e0', 'netns', name(host), 'type', 'veth', 'peer', 'name', `to-${host}`, 'netns', name('r'));
    run('-n', name(host), 'addr', 'add', `10.9.0.${index}/24`, 'dev', 'e0');
    run('-n', name(host), 'addr', 'add', `fd09::${index}/64`, 'dev', 'e0', 'nodad');
    for (const link of ['lo', 'e0']) run('-n', name(host), 'link', 'set', 'dev', link, 'up');
    // A relayed frame must have its checksum: nobody puts it in later.
    execFileSync('ip', ['netns', 'exec', name(host), 'ethtool', '-K', 'e0', 'tx', 'off'], { stdio: 'ignore' });
    run('-n', name('r'), 'link', 'set', 'dev', `to-${host}`, 'up');
    run('-n', name(host), 'route', 'add', 'default', 'dev', 'e0');
  }
  return {
    in: (host) => ['ip', 'netns', 'exec', name(host)],
    ip: (host, ...words) => void run('-n', name(host), ...words),
    relay: (plan) =>
      new Promise((resolve, reject) => {
        const script = new URL('relay.py', import.meta.url).pathname;
        for (const [from, to] of [
          ['a', 'b'],
          ['b', 'a'],
        ] as const) {
          const passes = JSON.stringify(from === 'a' ? plan : {});
          const child = spawn('ip', ['netns', 'exec', name('r'), 'python3', script, `to-${from}`, `to-${to}`, passes], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          relays.push(child);
          child.on('error', reject);
          if (from === 'b') child.stdout?.once('data', () => resolve());
        }
      }),
    close: () => {
      for (const child of relays) child.kill('SIGKILL');
      for (const host of ['a', 'b', 'r']) run('netns', 'del', name(host));
    },
  };
}
