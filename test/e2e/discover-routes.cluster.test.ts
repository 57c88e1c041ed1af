/** The proof of discover-source's answer: a receiver with strict reverse-path filtering receives with the printed routes, and not without. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attachment, kubectl, type PodWishes, pod } from './kit.ts';
import { FAR, FAR2, FAR6, far, GROUP, Lan, NEAR } from './lan.ts';
import { discoverIn } from './wire.ts';

const SSM = '232.66.2.3';
const GROUP6 = 'ff15::66';
let lan: Lan;

beforeAll(() => {
  lan = new Lan('routes');
});
afterEach(() => lan.scene.quiet());
afterAll(() => expect(lan.close()).toEqual([]));

interface Case {
  readonly name: string;
  readonly query: string;
  readonly sources: readonly string[];
  /** Routes that are printed. */
  readonly routes: readonly string[];
  /** Joins `s` on net1, in Python. */
  readonly join: string;
}

const CASES: readonly Case[] = [
  {
    name: 'one source',
    query: GROUP,
    sources: [FAR],
    routes: [GROUP, FAR],
    join: `s.setsockopt(0, 35, inet('${GROUP}') + bytes(4))`,
  },
  {
    name: 'two sources at once',
    query: GROUP,
    sources: [FAR, FAR2, NEAR],
    routes: [GROUP, FAR, FAR2],
    join: `s.setsockopt(0, 35, inet('${GROUP}') + bytes(4))`,
  },
  {
    name: 'a source-specific group',
    query: `${FAR}@${SSM}`,
    sources: [FAR],
    routes: [SSM, FAR],
    join: `s.setsockopt(0, 39, inet('${SSM}') + bytes(4) + inet('${FAR}'))`,
  },
  {
    name: 'IPv6',
    query: GROUP6,
    sources: [FAR6],
    routes: [],
    join: `s.setsockopt(41, 20, socket.inet_pton(10, '${GROUP6}') + struct.pack('I', socket.if_nametoindex('net1')))`,
  },
];

/** Strict reverse-path filtering in the pod's own namespace, before its application joins; prints each sender once. */
function receiver({ query, join }: Case): PodWishes {
  const code = `import socket, struct
inet = socket.inet_aton
for name in ('all', 'default', 'eth0', 'net1'):
    open('/proc/sys/net/ipv4/conf/%s/rp_filter' % name, 'w').write('1')
s = socket.socket(${query.includes('::') ? 10 : 2}, 2); s.bind(('', 5007))
${join}
print('ready', flush=True)
seen = set()
while True:
    peer = s.recvfrom(2000)[1][0]
    if peer not in seen: print('from', peer, flush=True)
    seen.add(peer)`;
  return { command: ['python3', '-c', code] };
}

describe('the printed routes make a strict receiver receive', () => {
  it.each(CASES.map((c, i) => [c.name, c, i] as const))('%s', async (_, wanted, index) => {
    const nad = `case${index}`;
    const group = wanted.query.split('@').at(-1)!;
    for (const source of wanted.sources) lan.scene.send({ ...far, source, group });
    lan.space.apply(attachment(nad));
    const heard = (name: string) => kubectl(['-n', lan.space.name, 'logs', name]).match(/(?<=from )\S+/g) ?? [];
    const run = async (name: string) => {
      const { metadata, spec } = pod(name, { ...receiver(wanted), networks: nad }) as never as {
        metadata: object;
        spec: { containers: object[] };
      };
      const containers = spec.containers.map((container) => ({ ...container, securityContext: { privileged: true } }));
      lan.space.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, containers } });
      lan.space.ready(`pod/${name}`);
      await expect.poll(() => kubectl(['-n', lan.space.name, 'logs', name]), { timeout: 10_000 }).toContain('ready');
      await sleep(1000);
    };
    if (wanted.routes.length > 0) {
      await run(`${nad}-before`);
      expect(heard(`${nad}-before`).filter((peer) => peer !== NEAR)).toEqual([]);
    }
    const { found, status } = await discoverIn(
      {},
      wanted.query,
      '--on',
      'node/node2',
      '-n',
      lan.space.name,
      '--for',
      '1500ms',
      '--nad',
      nad,
    );
    expect(status).toBe(0);
    const { attachment: answer } = found.answer;
    expect(found.answer.routes.map(({ dst }) => dst.split('/')[0])).toEqual(expect.arrayContaining([...wanted.routes]));
    expect(found.answer.routes).toHaveLength(wanted.routes.length);
    expect(answer?.changed).toBe(wanted.routes.length > 0);
    kubectl(['apply', '-f', '-'], answer?.manifest ?? '');
    await run(`${nad}-after`);
    await expect.poll(() => heard(`${nad}-after`).sort(), { timeout: 5000 }).toEqual([...wanted.sources].sort());
  });
});
