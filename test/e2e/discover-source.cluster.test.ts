/** kmcast discover-source on a cluster: a stream from an address that is on no subnet of the LAN. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Discovery } from '../../src/discover/discovery.ts';
import { attachment, pod } from './kit.ts';
import { FAR, FAR2, FAR6, far, GROUP, Lan, NEAR } from './lan.ts';
import { BIN, site } from './site.ts';
import { discoverIn, sh, startIn } from './wire.ts';

const ROUTES = [`${GROUP}/32`, `${FAR}/32`].map((dst) => ({ dst, gw: '0.0.0.0' }));
let lan: Lan;

beforeAll(() => {
  lan = new Lan('discover');
  lan.space.apply(
    attachment('bare'),
    pod('rx', { networks: 'bare', command: ['sleep', '600'] }),
    pod('locked', { networks: 'bare', image: 'distroless' }),
  );
  lan.space.ready('pod/rx', 'pod/locked');
});
afterEach(() => lan.scene.quiet());
afterAll(() => expect(lan.close()).toEqual([]));

const places = ({ sources }: Discovery, source = FAR): string[] =>
  sources
    .filter((seen) => seen.source === source)
    .map((seen) => `${seen.place} ${seen.interface}`)
    .sort();

describe('the source is found', () => {
  it('from the outside host and from a host that only listens', async () => {
    lan.scene.send(far);
    const own = await discoverIn({ inside: site.outside }, GROUP, '--for', '1500ms');
    expect(own.found.sources).toMatchObject([{ source: FAR, interface: 'eth1', out: true, port: 5007 }]);
    expect(own.found.answer.routes).toContainEqual({ dst: `${GROUP}/32`, gw: '0.0.0.0' });
    const listener = await discoverIn({ inside: lan.listener.run }, GROUP, '--for', '1500ms');
    expect([listener.status, places(listener.found)]).toEqual([0, ['local eth1']]);
    expect(listener.found.answer.routes).toEqual(ROUTES);
    expect(listener.found.answer.notes.join()).toContain('no IPv4 subnet of the interface is known');
  });

  it.each([
    ['two sources at once', GROUP, [FAR, FAR2]],
    ['one source of a source-specific group', `${FAR}@232.66.2.3`, [FAR]],
    ['an IPv6 source', 'ff15::66', [FAR6]],
  ] as const)('everywhere at once: %s', async (_, query, sources) => {
    const group = query.split('@').at(-1)!;
    for (const source of [FAR, FAR2, FAR6])
      if (source.includes(':') === group.includes(':')) lan.scene.send({ ...far, source, group });
    const on = ['nodes', 'pod/rx', 'pod/locked'].flatMap((target) => ['--on', target]);
    const [own, listener, swept] = await Promise.all([
      discoverIn({ inside: site.outside }, query, '--for', '2s'),
      discoverIn({ inside: lan.listener.run }, query, '--for', '2s'),
      discoverIn({}, query, ...on, '-n', lan.space.name, '--for', '2s'),
    ]);
    for (const source of sources) {
      expect(places(own.found, source)).toEqual(['local eth1']);
      expect(places(listener.found, source)).toEqual(['local eth1']);
      expect(places(swept.found, source)).toEqual([
        'node/node1 eth1',
        'node/node2 eth1',
        'pod/locked net1',
        'pod/rx net1',
      ]);
    }
    const all = [own, listener, swept].flatMap(({ found }) => found.sources);
    expect(new Set(all.map(({ source }) => source))).toEqual(new Set(sources));
    const routed = swept.found.answer.routes.map(({ dst }) => dst.split('/')[0]);
    expect(routed.sort()).toEqual(group.includes(':') ? [] : [group, ...sources].sort());
  });

  it('from pods: by exec, and by a node pod where the container has nothing', async () => {
    lan.scene.send(far);
    const { status, found } = await discoverIn(
      {},
      GROUP,
      '--on',
      'pod/rx',
      '--on',
      'pod/locked',
      '-n',
      lan.space.name,
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
    lan.scene.send(far);
    lan.scene.send({ ...far, source: NEAR });
    const { status, found } = await discoverIn({}, GROUP, '--on', 'nodes', '-n', lan.space.name, '--for', '2s');
    expect(status).toBe(0);
    expect(places(found)).toEqual(['node/node1 eth1', 'node/node2 eth1']);
    expect(found.sightings).toEqual([
      {
        group: `${GROUP}:5007`,
        seenOn: [1, 2].map((n) => ({ place: `node/node${n}`, interface: 'eth1' })),
        notSeenOn: [1, 2].map((n) => ({ place: `node/node${n}`, interface: 'eth0' })),
      },
    ]);
    expect(found.answer).toMatchObject({ routes: ROUTES, onLink: [{ source: NEAR, subnet: site.subnet }] });
    expect(found.membership.members).toContainEqual(expect.objectContaining({ group: GROUP, interface: 'eth1' }));
    const text = await startIn({}, 'discover-source', GROUP, '--on', 'nodes', '-n', lan.space.name, '--for', '1s')
      .ended;
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
      lan.space.name,
      '--for',
      '1s',
    );
    expect([status, found.sources, found.sightings]).toEqual([1, [], []]);
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
    const run = await startIn({}, 'discover-source', GROUP, '-n', lan.space.name, '--for', '1s', ...args).ended;
    expect(run.err).toContain(sentence);
    expect(run.status).toBe(status);
  });

  it('only says what it would do with --dry-run', async () => {
    const args = ['discover-source', GROUP, '--on', 'nodes', '-n', lan.space.name, '--dry-run'];
    const { status, err } = await startIn({}, ...args).ended;
    expect(status).toBe(0);
    expect(err).toContain(`would capture on node/node1, and join ${GROUP} there`);
    expect(err).toMatch(/would create a privileged pod on node node[12]/);
    expect(err).not.toContain('kmcast: joining');
  });

  it('ends soon when interrupted, with what was found, and leaves no pod', async () => {
    lan.scene.send(far);
    const running = startIn({}, 'discover-source', GROUP, '--on', 'nodes', '-n', lan.space.name, '--for', '60s');
    await running.says(/sends to/);
    running.child.kill('SIGINT');
    const asked = Date.now();
    const { status, out } = await running.ended;
    expect([status, Date.now() - asked < 6000]).toEqual([130, true]);
    expect(out.toString()).toContain(FAR);
    expect(lan.leftBehind()).toEqual([]);
  });
});

describe('capture', () => {
  it('streams the packets of several targets, each named', async () => {
    lan.scene.send(far);
    const text = sh(
      `${process.execPath} ${BIN} capture pod/rx node/node2 -n ${lan.space.name} --group ${GROUP} --join -w - --for 3s 2>/dev/null | tshark -r - -T fields -e frame.interface_name -e ip.src -Y udp 2>/dev/null | sort | uniq`,
    );
    expect(text.trim().split('\n')).toEqual([`node/node2:eth1\t${FAR}`, `pod/rx:net1\t${FAR}`]);
  });
});
