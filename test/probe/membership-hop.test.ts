import { describe, expect, it } from 'vitest';
import type { Hop } from '../../src/probe/hops.ts';
import { withMembership } from '../../src/probe/membership-hop.ts';
import type { Place } from '../../src/probe/place.ts';
import { snapshot } from '../doctor/snapshot.ts';
import { pod } from './measured.ts';

const GROUP = { family: 4, address: '239.1.2.3', port: 5007 } as const;

/** `pod/rx` in `video` has eth0, and net1, a macvlan on its node's eth1. */
const SNAPSHOT = snapshot();

const hop = (at: string, place: Place, seen: number | null, ...interfaces: string[]): Hop =>
  interfaces.length === 0 ? { at, place, seen } : { at, place, seen, interfaces };

function kinds(joined: string | undefined, ...hops: Hop[]): string[] {
  const on = joined === undefined ? {} : { interface: joined };
  return withMembership(hops, [SNAPSHOT], { to: pod('rx', 'node1'), group: GROUP, ...on }).map(({ at }) => at);
}

const sent = hop('sends', 'sender', 100, 'eth1');
const nic = (...names: string[]) => hop('nic', 'network', names.length > 0 ? 100 : 0, ...names);
const unseen = [hop('to the pod', 'attachment', 0), hop('gets', 'attachment', 0)];
const added = 'pod/rx as a member on net1 (the join went to eth0)';

describe('an interface that datagrams come by, and on which nobody is a member', () => {
  it('is a hop behind the NIC that it hangs on', () => {
    expect(kinds('eth0', sent, nic('eth1'), ...unseen)).toEqual(['sends', 'nic', added, 'to the pod', 'gets']);
  });

  it('is a hop behind the interface itself, where that shows frames without a membership', () => {
    const gets = hop('gets', 'attachment', 100, 'net1');
    expect(kinds('eth0', sent, nic('eth1'), hop('to the pod', 'attachment', null), gets)).toEqual([
      'sends',
      'nic',
      'to the pod',
      'gets',
      added,
    ]);
  });

  it('is none where the join is right, where another NIC brings them, or none', () => {
    const bare = ['sends', 'nic', 'to the pod', 'gets'];
    expect(kinds('net1', sent, nic('eth1'), ...unseen)).toEqual(bare);
    expect(kinds('eth0', sent, nic('eth0'), ...unseen)).toEqual(bare);
    expect(kinds('eth0', sent, nic(), ...unseen)).toEqual(bare);
    expect(kinds(undefined, sent, nic('eth1'), ...unseen)).toEqual(bare);
  });
});
