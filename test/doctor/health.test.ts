import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { sends } from './roles.ts';
import { flow, type Patch, snapshot } from './snapshot.ts';

function verdict(patch?: Patch): [string, string] {
  const [diagnosis] = diagnose(snapshot(patch), rules);
  return [diagnosis!.verdict, diagnosis!.summary];
}

test('a stream that enters and is read', () => {
  expect(verdict()).toEqual([
    'healthy',
    '239.10.20.30:6000 enters net1 and the application reads it (10 datagrams seen, 10 read)',
  ]);
});

test('a sender whose datagrams leave', () => {
  expect(verdict((d) => sends(d))).toEqual([
    'healthy',
    'pod/rx sends to 239.10.20.30:6000 out of net1 (10 datagrams seen)',
  ]);
});

test('without the right to watch the wire, the counters tell', () => {
  const blind: Patch = (d) => {
    d.missing.look = 'EPERM';
  };
  expect(verdict(blind)).toEqual([
    'healthy',
    '239.10.20.30:6000 enters net1 and the application reads it (10 multicast packets counted, 10 read)',
  ]);
  expect(
    verdict((d) => {
      blind(d);
      d.rx.moved = {};
    }),
  ).toEqual(['unknown', expect.stringContaining('the wire could not be watched (EPERM)')]);
});

test.each<[string, Patch, string]>([
  [
    'could not be looked into',
    (d) => {
      d.missing.observation = 'exec is forbidden';
    },
    'could not be looked into: exec is forbidden',
  ],
  [
    'memberships not read',
    (d) => {
      d.missing.memberships = 'igmp: EACCES';
    },
    'not told: igmp: EACCES',
  ],
  [
    'sockets not read',
    (d) => {
      d.missing.sockets = 'udp: EACCES';
    },
    'not told: udp: EACCES',
  ],
  [
    'counters read once',
    (d) => {
      d.missing.movement = 'read once';
    },
    'the counters could not be read twice: read once',
  ],
])('healthy is nobody of whom a decisive fact is missing: %s', (_, patch, because) => {
  const [found, summary] = verdict(patch);
  expect(found).toBe('unknown');
  expect(summary).toContain(because);
});

test('a stream that enters and is not taken is not healthy, though no rule knows why', () => {
  const [found, summary] = verdict((d) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10, 'Udp.InDatagrams': 1 };
    d.rx.flows = [flow({ packets: 20 })];
  });
  expect(found).not.toBe('healthy');
  expect(summary).not.toBe('');
});

test('a stream of another source than was asked about is not the one that is missed', () => {
  const asked = (source: string) =>
    verdict((d) => {
      d.source = source;
    });
  expect(asked('10.50.0.9')[0]).toBe('healthy');
  const [found, summary] = asked('10.50.0.77');
  expect(found).toBe('unknown');
  expect(summary).toMatch(/nothing came from 10\.50\.0\.77 during the look, but 10 datagrams from 10\.50\.0\.9/);
});
