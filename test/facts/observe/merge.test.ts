import { expect, test } from 'vitest';
import { mergeObservations } from '../../../src/facts/observe/merge.ts';
import type { Observation } from '../../../src/facts/snapshot.ts';
import { known, unknown, valueIn } from '../../../src/model/fact.ts';
import { type Patch, snapshot } from '../../doctor/snapshot.ts';

const seen = (patch?: Patch) => snapshot(patch).targets[0]!.observation;
const missing =
  (...names: string[]): Patch =>
  (d) => {
    for (const name of names) d.missing[name] = `no ${name}`;
  };
const whole = (fact: ReturnType<typeof seen>) => valueIn(fact) as Observation;

test('one that could not be made leaves the other; of none the first reason stays', () => {
  expect(mergeObservations(unknown('a'), seen())).toEqual(seen());
  expect(mergeObservations(seen(), unknown('b'))).toEqual(seen());
  expect(mergeObservations(unknown('a'), unknown('b'))).toEqual(unknown('a'));
});

test('each fact is known when either knows it, and keeps the first’s reason when neither does', () => {
  const merged = whole(
    mergeObservations(seen(missing('routes', 'look', 'sockets')), seen(missing('links', 'movement', 'sockets'))),
  );
  expect(merged.netns.routes).toEqual(whole(seen()).netns.routes);
  expect(merged.netns.links).toEqual(whole(seen()).netns.links);
  expect(merged.netns.sockets).toEqual(unknown('no sockets'));
  expect(merged.look).toEqual(whole(seen()).look);
  expect(merged.movement).toEqual(whole(seen()).movement);
});

test('the first wins where both know', () => {
  const other: Patch = (d) => {
    d.rx.netns.memberships = [];
    d.rx.moved = {};
  };
  const merged = whole(mergeObservations(seen(), seen(other)));
  expect(valueIn(merged.netns.memberships)).toHaveLength(1);
  expect(valueIn(valueIn(merged.movement)!.counters)).toHaveProperty(['Udp.InDatagrams'], 10);
});

test('of two movements each counter’s kind is taken where it is known', () => {
  const a = whole(seen());
  const half = { ...a, movement: known({ ...valueIn(a.movement)!, counters: unknown('no snmp') }) };
  const merged = whole(mergeObservations(known(half), seen()));
  expect(valueIn(valueIn(merged.movement)!.counters)).toHaveProperty(['Udp.InDatagrams'], 10);
});

test('refused joins of both are kept', () => {
  const refused = { group: '239.1.2.3', interface: 'eth1', error: 'ENOBUFS' };
  const merged = whole(mergeObservations(known({ ...whole(seen()), refusedJoins: [refused] }), seen()));
  expect(merged.refusedJoins).toEqual([refused]);
});
