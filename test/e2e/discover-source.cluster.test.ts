/** kmcast discover-source on the test cluster: a stream from an address that is on no subnet of the LAN. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Discovery } from '../../src/discover/discovery.ts';
import { attachment, kubectl, type PodWishes, pod, Space } from './kit.ts';
import { discoverIn, Scene, sh, startIn } from './wire.ts';

const OUTSIDE = 'kmc-outside';
const LISTENER = `kmdl${process.pid}`;
/** A group of this file's own, so that others on the cluster do not meet it. */
const GROUP = '239.66.2.3';
const SSM = '232.66.2.3';
const GROUP6 = 'ff15::66';
const FAR = '10.66.9.9';
const FAR2 = '10.66.9.10';
const FAR6 = 'fd66::9';
const NEAR = '172.31.0.50';
const far = { source: FAR, group: GROUP, device: 'eth1', netns: OUTSIDE };
const ROUTES = [`${GROUP}/32`, `${FAR}/32`].map((dst) => ({ dst, gw: '0.0.0.0' }));

let space: Space;
let scene: Scene;

beforeAll(() => {
  scene = new Scene();
  space = new Space('discover');
  for (const prefix of [`${FAR}/32`, `${FAR2}/32`, `${FAR6}/128`])
    sh(`ip -n ${OUTSIDE} addr replace ${prefix} dev eth1 ${prefix.includes(':') ? 'nodad' : ''}`);
  sh(`ip netns add ${LISTENER}
ip link add ${LISTENER} type veth peer name eth1 netns ${LISTENER}
ip link set ${LISTENER} master kmc-mc up; ip -n ${LISTENER} link set eth1 up`);
  space.apply(
    attachment('bare'),
    pod('rx', { networks: 'bare', command: ['sleep', '600'] }),
    pod('locked', { networks: 'bare', image: 'distroless' }),
  );
  space.ready('pod/rx', 'pod/locked');
});
afterEach(() => scene.quiet());
afterAll(async () => {
  for (const prefix of [`${FAR}/32`, `${FAR2}/32`, `${FAR6}/128`])
    sh(`ip -n ${OUTSIDE} addr del ${prefix} dev eth1 || true`);
  sh(`ip netns del ${LISTENER}`);
  scene.close();
  const left = leftBehind();
  space.close();
  expect(left).toEqual([]);
});

/** kmcast's pods and jobs in the namespace where it makes them here. */
function leftBehind(): string[] {
  const names = kubectl(['-n', space.name, 'get', 'pods,jobs', '-o', 'name']).split('\n');
  return names.filter((name) => name.includes('/kmcast-'));
}

const places = ({ sources }: Discovery, source = FAR): string[] =>
  sources
    .filter((seen) => seen.source === source)
    .map((seen) => `${seen.place} ${seen.interface}`)
    .sort();

describe('the source is found', () => {
  it('from the outside host and from a host that only listens', async () => {
    scene.send(far);
    const own = await discoverIn({ netns: OUTSIDE }, GROUP, '--for', '1500ms');
    expect(own.found.sources).toMatchObject([{ source: FAR, interface: 'eth1', out: true, port: 5007 }]);
    expect(own.found.answer.routes).toContainEqual({ dst: `${GROUP}/32`, gw: '0.0.0.0' });
    const listener = await discoverIn({ netns: LISTENER }, GROUP, '--for', '1500ms');
    expect([listener.status, places(listener.found)]).toEqual([0, ['local eth1']]);
    expect(listener.found.answer.routes).toEqual(ROUTES);
    expect(listener.found.answer.notes.join()).toContain('no IPv4 subnet of the interface is known');
  });

  it('from a node, within 4 seconds of being asked', async () => {
    scene.send(far);
    const times: number[] = [];
    for (let i = 0; i < 2; i++) {
      const asked = Date.now();
      const running = startIn(
        {},
        'discover-source',
        GROUP,
        '--on',
        'node/node1',
        '--count',
        '1',
        '-o',
        'jsonl',
        '-n',
        space.name,
      );
      times.push((await running.says(/"type":"source"/, 'out')) - asked);
      expect((await running.ended).status).toBe(0);
    }
    expect(Math.max(...times)).toBeLessThan(4000);
  });

  it('from pods: by exec, and by a node pod where the container has nothing', async () => {
    scene.send(far);
    const { status, found } = await discoverIn(
      {},
      GROUP,
      '--on',
      'pod/rx',
      '--on',
      'pod/locked',
      '-n',
      space.name,
      '--for',
      '2s',
    );
    expect([status, places(found)]).toEqual([0, ['pod/locked net1', 'pod/rx net1']]);
    expect(found.places.map(({ vantage }) => vantage?.split(' ').slice(0, 2).join(' '))).toEqual([
      'exec into',
      'node pod',
    ]);
    expect(found.answer.routes).toEqual(ROUTES);
  });

  it('by the sweep, on the NIC where it is and not on the others', async () => {
    scene.send(far);
    scene.send({ ...far, source: NEAR });
    const { status, found } = await discoverIn({}, GROUP, '--on', 'nodes', '-n', space.name, '--for', '2s');
    expect(status).toBe(0);
    expect(places(found)).toEqual(['node/node1 eth1', 'node/node2 eth1']);
    expect(found.sightings).toEqual([
      {
        group: `${GROUP}:5007`,
        seenOn: [1, 2].map((n) => ({ place: `node/node${n}`, interface: 'eth1' })),
        notSeenOn: [1, 2].map((n) => ({ place: `node/node${n}`, interface: 'eth0' })),
      },
    ]);
    expect(found.answer).toMatchObject({ routes: ROUTES, onLink: [{ source: NEAR, subnet: '172.31.0.0/24' }] });
    expect(found.membership.members).toContainEqual(expect.objectContaining({ group: GROUP, interface: 'eth1' }));
    const text = await startIn({}, 'discover-source', GROUP, '--on', 'nodes', '-n', space.name, '--for', '1s').ended;
    expect(text.out.toString()).toContain(
      `${GROUP}:5007 comes in on eth1 of node/node1 and node/node2, not on eth0 of`,
    );
  });

  it('not where nobody sends: status 1', async () => {
    const { status, found } = await discoverIn(
      {},
      '239.66.66.66',
      '--on',
      'node/node1',
      '-n',
      space.name,
      '--for',
      '1s',
    );
    expect([status, found.sources, found.sightings]).toEqual([1, [], []]);
  });
});

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
    for (const source of wanted.sources) scene.send({ ...far, source, group });
    space.apply(attachment(nad));
    const heard = (name: string) => kubectl(['-n', space.name, 'logs', name]).match(/(?<=from )\S+/g) ?? [];
    const run = async (name: string) => {
      const { metadata, spec } = pod(name, { ...receiver(wanted), networks: nad }) as never as {
        metadata: object;
        spec: { containers: object[] };
      };
      const containers = spec.containers.map((container) => ({ ...container, securityContext: { privileged: true } }));
      space.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, containers } });
      space.ready(`pod/${name}`);
      await expect.poll(() => kubectl(['-n', space.name, 'logs', name]), { timeout: 10_000 }).toContain('ready');
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
      space.name,
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

describe('what cannot be', () => {
  it.each([
    [['--nad', 'nix'], 3, 'network-attachment-definition nix in namespace'],
    [['--on', 'pod/nix'], 3, 'pod nix in namespace'],
    [['--on', 'node/nix'], 3, 'node nix not found'],
    [['--on', 'node/node1', '-i', 'nix0'], 3, 'there is no interface nix0 there; there are lo, eth0, eth1'],
    [['--on', 'node/node1', '--no-privileged'], 3, '--no-privileged was given'],
  ] as const)('%j ends with status %d and a sentence', async (args, status, sentence) => {
    const run = await startIn({}, 'discover-source', GROUP, '-n', space.name, '--for', '1s', ...args).ended;
    expect(run.err).toContain(sentence);
    expect(run.status).toBe(status);
  });

  it('only says what it would do with --dry-run', async () => {
    const args = ['discover-source', GROUP, '--on', 'nodes', '-n', space.name, '--dry-run'];
    const { status, err } = await startIn({}, ...args).ended;
    expect(status).toBe(0);
    expect(err).toContain(`would capture on node/node1, and join ${GROUP} there`);
    expect(err).toMatch(/would create a privileged pod on node node[12]/);
    expect(err).not.toContain('kmcast: joining');
  });

  it('ends soon when interrupted, with what was found, and leaves no pod', async () => {
    scene.send(far);
    const running = startIn({}, 'discover-source', GROUP, '--on', 'nodes', '-n', space.name, '--for', '60s');
    await running.says(/sends to/);
    running.child.kill('SIGINT');
    const asked = Date.now();
    const { status, out } = await running.ended;
    expect([status, Date.now() - asked < 6000]).toEqual([130, true]);
    expect(out.toString()).toContain(FAR);
    expect(leftBehind()).toEqual([]);
  });
});

describe('capture', () => {
  it('streams the packets of several targets, each named', async () => {
    scene.send(far);
    const text = sh(
      `${process.execPath} ${process.env.KMCAST_BIN ?? 'bin/kmcast.js'} capture pod/rx node/node2 -n ${space.name} --group ${GROUP} --join -w - --for 3s 2>/dev/null | tshark -r - -T fields -e frame.interface_name -e ip.src -Y udp 2>/dev/null | sort | uniq`,
    );
    expect(text.trim().split('\n')).toEqual([`node/node2:eth1\t${FAR}`, `pod/rx:net1\t${FAR}`]);
  });
});
