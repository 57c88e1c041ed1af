import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Look, SeenPackets } from '../../src/agent/protocol.ts';
import { asNobody } from '../helpers/users.ts';
import { type Heard, here, runOn } from './runtimes.ts';

const RX = `kmr${process.pid}`;
const TX = `kmt${process.pid}`;
const inRx = ['ip', 'netns', 'exec', RX];

function sh(script: string): string {
  return execFileSync('sh', ['-ec', script]).toString();
}

/** Sends datagrams from the other side: `packets` to `group`, each of `size` payload bytes, from port 4000. */
function send(group: string, packets: number, { size = 100, ttl = 3, device = 'v1', burst = 1000 } = {}): void {
  const v6 = group.includes(':');
  const script = `import socket,time,sys
s=socket.socket(socket.${v6 ? 'AF_INET6' : 'AF_INET'},socket.SOCK_DGRAM)
s.setsockopt(1,25,b'${device}\\0')
s.setsockopt(${v6 ? '41,18' : '0,33'},${ttl})
s.bind(('${v6 ? '::' : '0.0.0.0'}',4000))
for i in range(${packets}):
    s.sendto(bytes(${size}),('${group}',5007))
    if i % ${burst} == ${burst - 1}: time.sleep(.001)`;
  execFileSync('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', script]);
}

/** Looks, and calls `act` once the agent is at it. */
async function lookWhile(look: Look, act: () => void): Promise<Heard> {
  const running = runOn('python3', here({ look }), {
    prefix: inRx,
    onMessage: ({ type }) => type === 'entered' && setTimeout(act, 100),
  });
  return await running;
}

function seen(heard: Heard): readonly SeenPackets[] {
  return heard.of('look')[0]!.packets;
}

beforeAll(() => {
  sh(`ip netns add ${RX}; ip netns add ${TX}
ip link add v0 netns ${RX} type veth peer name v1 netns ${TX}
ip link add w0 netns ${RX} type veth peer name w1 netns ${TX}
for x in lo v0 w0; do ip -n ${RX} link set $x up; done
for x in lo v1 w1; do ip -n ${TX} link set $x up; done
ip -n ${RX} addr add 10.9.0.1/24 dev v0; ip -n ${TX} addr add 10.9.0.2/24 dev v1
ip -n ${TX} addr add 10.9.1.2/24 dev w1
ip -n ${TX} route add 224.0.0.0/4 dev v1; ip -n ${TX} -6 addr add fd09::2/64 dev v1 nodad`);
});
afterAll(() => sh(`ip netns del ${RX} || true; ip netns del ${TX} || true`));

describe('a look', () => {
  it('counts datagrams by their headers, and sees only its groups', async () => {
    const heard = await lookWhile({ duration: 900, groups: ['239.1.2.3', 'ff15::5'] }, () => {
      send('239.1.2.3', 7);
      send('239.1.2.3', 2, { ttl: 9 });
      send('239.1.2.4', 5);
      send('ff15::5', 3, { size: 300 });
      send('ff15::6', 3);
    });
    const [look] = heard.of('look');
    expect(look).toMatchObject({ step: 'look', interfaces: ['v0', 'w0'], lost: 0, truncated: false });
    const flows = seen(heard).map(({ interface: name, packets, bytes, largest, out, hardware }) => ({
      name,
      packets,
      bytes,
      largest,
      out,
      hardware,
    }));
    expect(flows).toEqual([
      { name: 'v0', packets: 7, bytes: 7 * 142, largest: 142, out: false, hardware: 1 },
      { name: 'v0', packets: 2, bytes: 2 * 142, largest: 142, out: false, hardware: 1 },
      { name: 'v0', packets: 3, bytes: 3 * 362, largest: 362, out: false, hardware: 1 },
    ]);
    const snaps = seen(heard).map(({ snap }) => Buffer.from(snap, 'base64'));
    expect(snaps.map((snap) => snap.length)).toEqual([142, 142, 192]);
    expect([...snaps[0]!.subarray(30, 34)]).toEqual([239, 1, 2, 3]);
    expect(snaps[1]![22]).toBe(9);
  });

  it('sees every group when none is named, and fragments as such', async () => {
    const heard = await lookWhile({ duration: 700, groups: [] }, () => {
      send('239.7.7.7', 1);
      send('239.8.8.8', 2, { size: 3000 });
    });
    const sums = seen(heard)
      .map(({ snap, packets, fragments }) => [Buffer.from(snap, 'base64')[31], packets, fragments])
      .filter(([group]) => group === 7 || group === 8);
    // The first fragment has ports, the others share a key without.
    expect(sums).toEqual([
      [7, 1, 0],
      [8, 2, 2],
      [8, 4, 4],
    ]);
  });

  it('ends early when it has seen enough', async () => {
    const heard = await lookWhile({ duration: 8000, groups: ['239.1.2.3'], enough: { packets: 3, grace: 100 } }, () => {
      send('239.1.2.3', 4);
    });
    expect(heard.of('look')[0]!.duration).toBeLessThan(2000);
    expect(seen(heard)[0]).toMatchObject({ packets: 4 });
  });

  it('keeps to the interfaces asked for', async () => {
    const look = { duration: 700, groups: ['239.1.2.3'], interfaces: ['w0'] };
    const heard = await lookWhile(look, () => {
      send('239.1.2.3', 2);
      send('239.1.2.3', 5, { device: 'w1' });
    });
    expect(heard.of('look')[0]!.interfaces).toEqual(['w0']);
    expect(seen(heard)).toMatchObject([{ interface: 'w0', packets: 5 }]);
    const none = await lookWhile({ ...look, interfaces: ['nope'] }, () => {});
    expect(none.of('failed')).toMatchObject([{ what: 'look', error: 'no such interface' }]);
  });

  it('shows the VLAN tag that the kernel took out', async () => {
    const frame = `b'\\x01\\x00\\x5e\\x01\\x02\\x03'+b'\\x02'*6+b'\\x81\\0\\x20\\x2a\\x08\\0'+ip`;
    const heard = await lookWhile({ duration: 700, groups: ['239.1.2.3'] }, () => {
      const script = `import socket
ip=bytes.fromhex('4500001c000040000111000'+'00a090002ef010203')+bytes.fromhex('0fa0138f00080000')
s=socket.socket(17,3); s.bind(('v1',0)); s.send(${frame})`;
      execFileSync('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', script]);
    });
    expect(seen(heard)).toMatchObject([{ packets: 1, bytes: 46, interface: 'v0' }]);
    expect(Buffer.from(seen(heard)[0]!.snap, 'base64').subarray(12, 18).toString('hex')).toBe('8100202a0800');
  });

  it('is bounded, and says so', async () => {
    const heard = await lookWhile({ duration: 2500, groups: [] }, () => {
      const script = `import socket
s=socket.socket(); s=socket.socket(2,2); s.setsockopt(0,33,2)
for i in range(1500): s.sendto(b'x',('239.2.%d.%d'%(i//250,i%250),9))`;
      execFileSync('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', script]);
    });
    expect(seen(heard)).toHaveLength(1000);
    expect(heard.of('look')[0]).toMatchObject({ truncated: true, lost: 0 });
  });

  it('keeps up with a fast stream', async () => {
    const look = { duration: 15_000, groups: ['239.1.2.3'], enough: { packets: 20_000, grace: 50 } };
    // Bursts of 100: what the kernel itself drops in a busy machine's backlog is not the look's.
    const heard = await lookWhile(look, () => send('239.1.2.3', 20_000, { burst: 100 }));
    expect(seen(heard)).toMatchObject([{ packets: 20_000 }]);
    expect(heard.of('look')[0]?.lost).toBe(0);
  });

  it('tells what was sent from here', async () => {
    const heard = await lookWhile({ duration: 700, groups: ['239.1.2.3'] }, () => {
      const script = `import socket;s=socket.socket(2,2);s.setsockopt(1,25,b'v0');s.sendto(b'x',('239.1.2.3',5007))`;
      execFileSync('ip', ['netns', 'exec', RX, '/usr/bin/python3', '-c', script]);
    });
    expect(seen(heard)).toMatchObject([{ interface: 'v0', out: true, packets: 1 }]);
  });

  it('goes on without the right to capture', async () => {
    const prefix = [...inRx, ...asNobody, 'env', 'PATH=/usr/bin:/bin'];
    const reads = { files: ['/proc/net/igmp'], netlink: [], commands: [], owners: true };
    const join = { duration: 10, groups: [], joins: [{ group: '239.1.2.3' }], onlyIfUnseen: false };
    const job = here({ reads, look: { duration: 100, groups: [] }, join });
    const heard = await runOn('python3', job, { prefix });
    expect(heard.of('hello')[0]?.uid).toBe(65534);
    expect(heard.of('file')).toHaveLength(1);
    expect(heard.of('joined')).toHaveLength(2);
    expect(heard.of('failed').filter(({ what }) => what !== 'owners')).toMatchObject([
      { what: 'look', phase: 'before', error: 'Operation not permitted' },
      { what: 'join', phase: 'after', error: 'Operation not permitted' },
    ]);
    expect(heard.of('end')[0]?.reason).toBe('finished');
  });
});

describe('a join', () => {
  const joins = [
    { group: '239.1.2.3' },
    { group: '232.1.1.1', source: '10.9.0.2' },
    { group: 'ff15::5' },
    { group: 'ff35::5', source: 'fd09::2' },
  ];

  it('reports on every interface, which the look sees, and lasts as long as the look', async () => {
    const join = { duration: 1000, groups: ['239.1.2.3'], joins, onlyIfUnseen: true };
    let during = '';
    const heard = await runOn('python3', here({ look: { duration: 100, groups: ['239.1.2.3'] }, join }), {
      prefix: inRx,
      onMessage: (message) => {
        if (message.type === 'joined' && !during)
          setTimeout(
            () =>
              (during = sh(
                `ip netns exec ${RX} cat /proc/net/igmp /proc/net/mcfilter /proc/net/igmp6 /proc/net/mcfilter6`,
              )),
            200,
          );
      },
    });
    expect(heard.of('joined').map(({ group, interface: name, source, error }) => [group, name, source, error])).toEqual(
      joins.flatMap(({ group, source }) => ['v0', 'w0'].map((name) => [group, name, source, undefined])),
    );
    expect(during).toMatch(/030201EF/);
    expect(during).toMatch(/v0 0xe8010101 0x0a090002/);
    expect(during).toMatch(/ff150000000000000000000000000005/);
    expect(during).toMatch(/ff350000000000000000000000000005 fd090000000000000000000000000002/);
    const look = heard.of('look').find(({ step }) => step === 'join')!;
    const reports = look.messages.filter(({ out, snap }) => out && Buffer.from(snap, 'base64')[23] === 2);
    expect(new Set(reports.map(({ interface: name }) => name))).toEqual(new Set(['v0', 'w0']));
    expect(
      look.messages.some(({ snap }) => Buffer.from(snap, 'base64').subarray(12, 14).toString('hex') === '86dd'),
    ).toBe(true);
    expect(sh(`ip netns exec ${RX} cat /proc/net/igmp`)).not.toMatch(/030201EF/);
  });

  it('is left out when the group was seen', async () => {
    const join = { duration: 300, groups: ['239.1.2.3'], joins, onlyIfUnseen: true };
    const job = here({ look: { duration: 600, groups: ['239.1.2.3'] }, join });
    const heard = await runOn('python3', job, {
      prefix: inRx,
      onMessage: ({ type }) => type === 'entered' && setTimeout(() => send('239.1.2.3', 1), 100),
    });
    expect(heard.of('joined')).toEqual([]);
    expect(heard.of('look')).toHaveLength(1);
  });

  it('is refused by the kernel in its own words', async () => {
    const join = { duration: 10, groups: [], joins: [{ group: '10.1.1.1' }], onlyIfUnseen: false, interfaces: ['v0'] };
    const heard = await runOn('python3', here({ join }), { prefix: inRx });
    expect(heard.of('joined')).toMatchObject([{ interface: 'v0', error: 'Invalid argument' }]);
  });
});
