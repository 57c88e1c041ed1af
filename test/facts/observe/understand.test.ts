import { expect, test } from 'vitest';
import type { AgentMessage } from '../../../src/agent/protocol.ts';
import { observationOf, withJoinLook } from '../../../src/facts/observe/understand.ts';
import { unknown, valueIn } from '../../../src/model/fact.ts';
import { DONE, GROUP, LINKS, looked, MEMBER, type Said } from './replay.ts';

const say = (place: string, ...said: Said[]) => said.map((s) => ({ ...s, place }) as AgentMessage);

test('a place is what was said of it alone', () => {
  const messages = [...say('a', LINKS, DONE), ...say('b', { type: 'refused', error: 'no such container' })];
  expect(valueIn(valueIn(observationOf(messages, 'a', undefined))!.netns.links)).toHaveLength(3);
  expect(observationOf(messages, 'b', undefined)).toEqual(unknown('no such container'));
  expect(observationOf(messages, 'c', 'cut off')).toEqual(unknown('cut off'));
});

test('what moved is known only of two readings', () => {
  const once = valueIn(observationOf(say('a', MEMBER, DONE), 'a', undefined))!;
  expect(once.movement).toEqual(unknown('the counters were read once only'));
  const snmp = (phase: 'before' | 'after', n: number): Said => ({
    type: 'file',
    phase,
    path: '/proc/net/snmp',
    text: `Udp: InDatagrams NoPorts\nUdp: ${n} 0\n`,
  });
  const files = ['/proc/net/netstat', '/proc/net/snmp6'].flatMap((path) =>
    (['before', 'after'] as const).map((phase): Said => ({ type: 'file', phase, path, text: '' })),
  );
  const twice = valueIn(observationOf(say('a', snmp('before', 5), snmp('after', 12), ...files, DONE), 'a', undefined))!;
  expect(valueIn(valueIn(twice.movement)!.counters)).toEqual({ 'Udp.InDatagrams': 7 });
});

test('a look that failed says why; joins belong to the look that was made with them', () => {
  const failed: Said = { type: 'failed', phase: 'before', what: 'look', error: 'EPERM' };
  expect(valueIn(observationOf(say('a', LINKS, failed), 'a', undefined))!.look).toEqual(
    unknown('the wire could not be watched: EPERM'),
  );
  const joined: Said = { type: 'joined', group: GROUP, interface: 'eth1' };
  const both = valueIn(observationOf(say('a', LINKS, looked('look', 1), joined, looked('join', 2)), 'a', undefined))!;
  expect(valueIn(both.look)?.joined).toEqual([]);
  expect(valueIn(both.joinLook)?.joined).toEqual([{ group: GROUP, interface: 'eth1' }]);
});

test('a later look with a join stands beside what was seen before', () => {
  const first = observationOf(say('node', LINKS, looked('look', 0)), 'node', undefined);
  const merged = valueIn(withJoinLook(first, say('node', looked('join', 3)), 'node', undefined))!;
  expect(valueIn(merged.look)?.flows).toEqual([]);
  expect(valueIn(merged.joinLook)?.flows).toMatchObject([{ packets: 3 }]);
  expect(withJoinLook(unknown('x'), [], 'node', undefined)).toEqual(unknown('x'));
});
