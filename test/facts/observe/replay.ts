/** Vantages that say what a test wrote for each place, and remember what they were asked. */
import type { AgentMessage, ObserveJob, Place } from '../../../src/agent/protocol.ts';
import type { PodObject } from '../../../src/facts/api/pod.ts';
import type { Access, Opened } from '../../../src/facts/observe/access.ts';
import type { JobEnd, Vantage, VantageKind } from '../../../src/vantage/vantage.ts';
import { ethernet, ipv4, udp } from '../../capture/build.ts';

export const GROUP = '239.1.2.3';
const ENDS = { source: '10.0.0.5', destination: GROUP };

/** Messages without their place, which is the one asked for. */
type Omitted<T> = T extends unknown ? Omit<T, 'place'> : never;
export type Said = Omitted<AgentMessage>;

/** What an agent says of a place, by the place and the part of the job. */
export type Script = (place: Place) => readonly Said[];

export interface Replay extends Vantage {
  readonly jobs: ObserveJob[];
  /** Of all places of all jobs. */
  readonly places: () => Place[];
}

export function replay(kind: VantageKind, script: Script, end: JobEnd = { complete: true }): Replay {
  const jobs: ObserveJob[] = [];
  return {
    kind,
    description: `${kind} of the test`,
    jobs,
    places: () => jobs.flatMap((job) => job.places),
    close: async () => {},
    capture: () => Promise.reject(new Error('nothing is captured here')),
    run: async (job, onMessage) => {
      jobs.push(job);
      for (const place of job.places)
        for (const said of script(place)) onMessage({ ...said, place: place.id } as AgentMessage);
      return end;
    },
  };
}

/** Interfaces by `ip -j link`: eth1 is a NIC. */
export const LINKS: Said = {
  type: 'command',
  phase: 'before',
  name: 'ip-link',
  status: 0,
  stdout: JSON.stringify([
    { ifindex: 1, ifname: 'lo', flags: ['LOOPBACK', 'UP'], mtu: 65536, operstate: 'UNKNOWN' },
    { ifindex: 2, ifname: 'eth1', flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'], mtu: 1500, operstate: 'UP' },
    { ifindex: 3, ifname: 'eth2', flags: ['BROADCAST', 'MULTICAST'], mtu: 1500, operstate: 'DOWN' },
  ]),
  stderr: '',
  root: 'here',
};

export const ADDRESSES: Said = {
  ...LINKS,
  name: 'ip-address',
  stdout: JSON.stringify([
    {
      ifindex: 2,
      ifname: 'eth1',
      addr_info: [{ family: 'inet', local: '10.50.0.11', prefixlen: 24, scope: 'global' }],
    },
  ]),
};

/** A membership of the group on interface 2, as /proc/net/igmp has it (239.1.2.3 is 030201EF there). */
export const MEMBER: Said = {
  type: 'file',
  phase: 'before',
  path: '/proc/net/igmp',
  text: 'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n2\teth1      :     1      V3\n\t\t\t\t030201EF     1 0:00000000\t\t0\n',
};

/** There are no IPv6 groups. */
export const MEMBER6: Said = { type: 'file', phase: 'before', path: '/proc/net/igmp6', text: '' };

export const DONE: Said = { type: 'done' };

/** A look that saw so many datagrams of the group come in by eth1. */
export function looked(step: 'look' | 'join', packets: number): Said {
  const frame = ethernet(
    '01:00:5e:01:02:03',
    '02:42:0a:00:00:05',
    [],
    0x0800,
    ipv4(ENDS, 17, udp(ENDS, 5000, 5007, new Uint8Array(10)), {}),
  );
  const seen = {
    interface: 'eth1',
    hardware: 1,
    out: false,
    snap: Buffer.from(frame).toString('base64'),
    packets,
    bytes: packets * frame.length,
    largest: frame.length,
    fragments: 0,
    first: 1,
    last: 2,
  };
  return {
    type: 'look',
    step,
    duration: 1000,
    interfaces: ['eth1'],
    packets: packets === 0 ? [] : [seen],
    messages: [],
    lost: 0,
    truncated: false,
  };
}

/** Access by these vantages; others are refused with the reason. */
export function access(
  ways: { readonly exec?: Replay; readonly nodePod?: Replay; readonly ephemeral?: Replay },
  asked: string[] = [],
): Access {
  const open = (way: string, vantage: Replay | undefined): Promise<Opened> => {
    asked.push(way);
    return Promise.resolve(vantage === undefined ? { refused: `${way} is forbidden` } : { vantage });
  };
  return {
    exec: () => open('exec', ways.exec),
    nodePod: () => open('node-pod', ways.nodePod),
    ephemeral: () => open('ephemeral', ways.ephemeral),
    local: () => open('local', undefined),
  };
}

export function pod(
  change: { readonly annotations?: Record<string, string>; readonly running?: boolean } = {},
): PodObject {
  const { annotations = {}, running = true } = change;
  return {
    metadata: { name: 'rx', namespace: 'video', uid: 'u1', annotations },
    spec: { nodeName: 'node1', containers: [{ name: 'app', image: 'app:1' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          image: 'app:1',
          containerID: 'containerd://c0ffee',
          state: running ? { running: {} } : { waiting: { reason: 'X' } },
        },
      ],
    },
  };
}
