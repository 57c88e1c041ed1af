/** `kmcast probe` between pods, nodes and a host outside, on a cluster. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeReport } from '../../src/probe/probe-report.ts';
import { attachment, kmcast, kubectl, pod, type Run, Space, start } from './kit.ts';
import { BIN, run as runProgram, site } from './site.ts';

const SLEEP = ['sleep', '3600'];
let space: Space;
/** Where the Jobs are that nobody was left to remove. */
const orphanage = `kme-orphans-${process.pid}`;

interface Placed {
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

/** The kit's pods are on node1. */
function on(node: string, made: object, more: object = {}): object {
  const { spec, ...rest } = made as Placed;
  return { ...rest, spec: { ...spec, nodeName: node, ...more } };
}

/** The multicast LAN with addresses of both families; nodes do not know each other's reservations. */
function lan(name: string, tens: number): object {
  const made = attachment(name, [{ dst: '239.255.0.0/16', gw: '0.0.0.0' }]) as { spec: { config: string } };
  const config = JSON.parse(made.spec.config);
  const range = (subnet: string, start: string) => [
    { subnet, rangeStart: `${start}${tens}0`, rangeEnd: `${start}${tens}9` },
  ];
  config.ipam.ranges = [range(site.subnet, site.prefix), range(site.subnet6, site.prefix6)];
  return { ...made, spec: { config: JSON.stringify(config) } };
}

beforeAll(() => {
  space = new Space('probe');
  space.namespace(orphanage);
  space.apply(
    lan('one', 20),
    lan('two', 21),
    pod('tx', { command: SLEEP }),
    pod('near', { command: SLEEP, labels: { app: 'rx' } }),
    on('node2', pod('far', { command: SLEEP, labels: { app: 'rx' } })),
    pod('bare', { image: 'distroless' }),
    on('node2', pod('host', { command: SLEEP }), { hostNetwork: true }),
    pod('lan1', { command: SLEEP, networks: 'one' }),
    on('node2', pod('lan2', { command: SLEEP, networks: 'two' })),
  );
  space.ready('pod', '--all');
});
afterAll(() => space.close(orphanage));

async function probe(...words: string[]): Promise<{ run: Run; report: ProbeReport }> {
  const run = await kmcast(['probe', '-n', space.name, '-o', 'json', '--count', '50', ...words]);
  if (!run.out.startsWith('{')) throw new Error(`${run.status}: ${run.err}`);
  return { run, report: JSON.parse(run.out) };
}

/** The same from the host that is not in the cluster. */
function outside(...words: string[]): { status: number; report: ProbeReport } {
  const args = ['probe', '-n', space.name, '-o', 'json', '--count', '50', ...words];
  try {
    return { status: 0, report: JSON.parse(runProgram(site.outside([process.execPath, BIN, ...args]))) };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { status, report: JSON.parse(stdout) };
  }
}

const outcomes = (report: ProbeReport) => report.paths.map(({ from, to, outcome }) => `${from} ${to} ${outcome}`);

describe('kmcast probe', () => {
  it('leaves no membership when it is killed, in pods and on nodes', async () => {
    const ends = ['--from', 'tx', 'node/node1', '--to', 'near', 'bare', 'node/node2', '--group', '239.77.1.1:6001'];
    const killed = start(['probe', '-n', space.name, ...ends, '--count', '400', '--timeout', '5s'], {
      KMCAST_NAMESPACE: orphanage,
    });
    try {
      await killed.says(/creating privileged pod/);
      // `host` is in node2's namespace.
      for (const name of ['near', 'host']) await expect.poll(() => isMember(name), { timeout: 20_000 }).toBe(true);
    } finally {
      killed.child.kill('SIGKILL');
    }
    await killed.ended;
    for (const name of ['near', 'host']) await expect.poll(() => isMember(name), { timeout: 5000 }).toBe(false);
    for (const name of ['tx', 'near']) expect(agents(name)).toEqual([]);
  });

  it('tells within a node from across nodes, and the hop where the pod network ends it', async () => {
    const { run, report } = await probe('--from', 'tx', '--to', 'app=rx');
    expect(run.status).toBe(1);
    expect(outcomes(report).sort()).toEqual(['pod/tx pod/far lost', 'pod/tx pod/near ok']);
    expect(report.summary).toContain('all across nodes, and none within a node');
    const [near, far] = [...report.paths].sort((a, b) => b.to.localeCompare(a.to));
    expect(near).toMatchObject({ sent: 50, received: 50, lost: 0, ttl: [16], interfaces: ['eth0'], sameNode: true });
    expect(near?.latency?.error).toBe(0);
    expect(far).toMatchObject({ received: 0, sameNode: false, control: { sent: 10, received: 10 } });
    expect(far?.died?.after).toMatch(/^node1, from the pod \(veth\w+, cni0\)|^node1, from the pod \(veth\w+\)/);
    expect(far?.died?.before).toBe('node1, out by a NIC');
    expect(far?.died?.findings[0]?.rule).toBe('pod-network-no-multicast');
  });

  it('reaches pods on the LAN from outside and back, and across nodes, also by IPv6', async () => {
    const inward = outside('--from', 'local', '--to', 'lan1', 'lan2', '--from-interface', 'eth1');
    expect([inward.status, ...outcomes(inward.report)]).toEqual([0, 'local pod/lan1 ok', 'local pod/lan2 ok']);
    expect(inward.report.paths[0]).toMatchObject({ interfaces: ['net1'], sameNode: null });
    const outward = outside('--from', 'lan1', '--to', 'local', '--to-interface', 'eth1');
    expect([outward.status, ...outcomes(outward.report)]).toEqual([0, 'pod/lan1 local ok']);
    const v6 = await probe('--from', 'lan1', '--to', 'lan2', '-6', '--interface', 'net1');
    expect([v6.run.status, ...outcomes(v6.report)]).toEqual([0, 'pod/lan1 pod/lan2 ok']);
    expect(v6.report.senders[0]?.source).toMatch(new RegExp(`^${site.prefix6}2`));
  });

  it('keeps to a source, and says when it is another’s', async () => {
    const source = site.exec(space.name, 'lan1', ['python3', '-c', SOURCE]).trim();
    const right = await probe('--from', 'lan1', '--to', 'lan2', '--source', source, '--interface', 'net1');
    expect([right.run.status, ...outcomes(right.report)]).toEqual([0, 'pod/lan1 pod/lan2 ok']);
    const wrong = await probe('--from', 'lan1', '--to', 'lan2', '--source', `${site.prefix}77`, '--interface', 'net1');
    expect(wrong.run.status).toBe(1);
    expect(wrong.report.paths[0]?.reason).toContain(`alone, and this sender's address is ${source}`);
    expect(wrong.report.paths[0]?.died).toMatchObject({ before: 'the socket in pod/lan2' });
  });

  it('enters what has no shell by a node pod, hosts’ networks, and nodes', async () => {
    const { run, report } = await probe('--from', 'host', '--to', 'bare', 'node/node1', 'node/node2', '--no-trace');
    expect(run.status).toBe(1);
    expect(outcomes(report)).toEqual(['pod/host pod/bare lost', 'pod/host node/node1 ok', 'pod/host node/node2 ok']);
    const near = await probe('--from', 'tx', '--to', 'bare', '--size', '4000');
    expect([near.run.status, ...outcomes(near.report)]).toEqual([0, 'pod/tx pod/bare ok']);
    expect(near.report.receivers[0]?.vantage).toMatch(/^node pod /);
  });

  it('says what it could not test, with status 3', async () => {
    const { run, report } = await probe('--from', 'tx', '--to', 'bare', '--no-privileged', '--vantage', 'exec');
    expect(run.status).toBe(3);
    expect(report.paths[0]).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/no python3 or node there/),
    });
  });

  it('leaves nothing, interrupted or killed', async () => {
    const before = space.everything();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const running = start(['probe', '-n', space.name, '--from', 'tx', '--to', 'bare', '--count', '1000']);
      await running.says(/joining/);
      running.child.kill(signal);
      expect((await running.ended).status).toBe(130);
      expect(space.everything()).toEqual(before);
    }
    const killed = start(['probe', '-n', space.name, '--from', 'tx', '--to', 'near', '--count', '5000']);
    await killed.says(/joining/);
    await expect.poll(() => agents('tx').length, { timeout: 5000 }).toBeGreaterThan(0);
    killed.child.kill('SIGKILL');
    await killed.ended;
    for (const name of ['tx', 'near']) await expect.poll(() => agents(name), { timeout: 5000 }).toEqual([]);
  });

  it('left no object either, once the deadline and the time to live were over', async () => {
    const left = () => kubectl(['-n', orphanage, 'get', 'jobs,pods', '-o', 'name']).trim();
    await expect.poll(left, { timeout: 150_000, interval: 2000 }).toBe('');
  }, 180_000);
});

/** The first IPv4 address of net1. */
const SOURCE = `import fcntl, socket, struct
print(socket.inet_ntoa(fcntl.ioctl(socket.socket(2, 2), 0x8915, struct.pack('16s24x', b'net1'))[20:24]))`;

function isMember(name: string): boolean {
  return site.exec(space.name, name, ['cat', '/proc/net/igmp']).includes('01014DEF');
}

/** Processes of a pod besides its own and this look. */
function agents(name: string): string[] {
  const script = 'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline; echo; done 2>/dev/null';
  return site
    .exec(space.name, name, ['sh', '-c', script])
    .split('\n')
    .filter((line) => line.startsWith('python3 -ES -c'));
}
