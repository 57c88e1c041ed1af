/** docs/schema/probe.json, reception.json and sending.json, held to what the programs really say. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import { diedAt } from '../../src/probe/died.ts';
import { findingsOf } from '../../src/probe/findings.ts';
import { PLACES } from '../../src/probe/place.ts';
import type { ProbeReport } from '../../src/probe/probe-report.ts';
import { reception } from '../../src/probe/reception.ts';
import { renderProbe } from '../../src/probe/render.ts';
import { sending } from '../../src/probe/sending.ts';
import { style } from '../../src/report/style.ts';
import { heard, planOf, pod, RUN, receiverSeen, reportOf, senderSeen } from '../probe/measured.ts';

type Name = 'probe' | 'reception' | 'sending';
const schemas = Object.fromEntries(
  (['probe', 'reception', 'sending'] as const).map((name) => {
    const schema = JSON.parse(readFileSync(new URL(`../../docs/schema/${name}.json`, import.meta.url), 'utf8'));
    return [name, { schema, validate: new Ajv2020({ allErrors: true }).compile(schema) }];
  }),
);

function errors(name: Name, report: object): string[] {
  const { validate } = schemas[name]!;
  validate(JSON.parse(JSON.stringify(report)));
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}

const plan = planOf([pod('tx', 'node1')], [pod('near', 'node1'), pod('far', 'node2')]);
const base = reportOf(plan, {
  senders: [senderSeen(plan, 0)],
  receivers: [receiverSeen(plan, 0, [heard(1, {})]), receiverSeen(plan, 1, [])],
});
const receivers = base.receivers.map((receiver) => ({ ...receiver, leaked: 3, interface: 'eth0', bufferOverflow: 0 }));
const died = diedAt(
  [
    { at: 'pod/tx sends (eth0)', place: 'sender', seen: 100, interfaces: ['eth0'] },
    { at: 'node1, out by a NIC', place: 'network', seen: 0 },
    { at: 'node2, in by a NIC', place: 'network', seen: null, reason: 'forbidden' },
    { at: 'the socket in pod/far', place: 'receiver', seen: 0 },
  ],
  [],
);
const [near, far] = base.paths;
const full: ProbeReport = {
  ...base,
  receivers,
  findings: findingsOf(plan, receivers),
  paths: [
    { ...near!, ttl: 'unknown', interfaces: 'unknown' },
    { ...far!, reason: 'x', died },
  ],
};

describe('what kmcast probe prints', () => {
  it('is as documented', () => {
    expect(full.paths.map(({ way }) => way)).toEqual(['sound', 'broken']);
    expect(full.findings).toHaveLength(2);
    for (const report of [base, full])
      expect(errors('probe', JSON.parse(renderProbe(report, 'json', style(80, false))))).toEqual([]);
    expect(schemas.probe?.schema.$defs.place.enum).toEqual(PLACES);
  });

  it('is nothing else', () => {
    const wrong: object[] = [
      { ...full, extra: 1 },
      { ...full, verdict: 'fine' },
      { ...full, run: 'x' },
      { ...full, findings: undefined },
      { ...full, paths: [{ ...near, ttl: 'some' }] },
      { ...full, paths: [{ ...near, way: 'good' }] },
      { ...full, paths: [{ ...far, died: { ...died, at: 'somewhere' } }] },
      { ...full, paths: [{ ...far, died: { ...died, hops: [] } }] },
      { ...full, receivers: [{ ...receivers[0], leaked: -1 }] },
    ];
    for (const [i, report] of wrong.entries()) expect(errors('probe', report), String(i)).not.toEqual([]);
  });
});

const group = { family: 4, address: '239.255.1.2', port: 20_001 } as const;
const wishes = { version: '1', groups: [group], atLeast: 1 };
const joined = { type: 'receiving', place: 'p', socket: '0', interface: 'eth0', buffer: 212_992 } as const;
const foreign = { source: 'fd00::1', port: 4, received: 1, bytes: 9, began: 1, ended: 1, ways: [] };
const counts = {
  type: 'counts',
  place: 'p',
  last: true,
  at: 1,
  boot: null,
  badChecksums: 0,
  sockets: [{ id: '0', dropped: 0, truncated: false, senders: [heard(1, {}), foreign] }],
} as const;

test('what kmcast receive prints is as documented, and nothing else', () => {
  const report = reception(wishes, [joined], counts);
  expect(report.groups[0]?.senders.map(({ ttl, from }) => [ttl, from])).toEqual([
    [[16], '10.244.0.5:4000'],
    ['unknown', '[fd00::1]:4'],
  ]);
  const refused = reception(wishes, [{ ...joined, buffer: 0, error: 'no', code: 'ENODEV' }], undefined);
  for (const one of [report, refused]) expect(errors('reception', one)).toEqual([]);
  const [first] = report.groups;
  for (const wrong of [
    { ...report, ok: 1 },
    { ...report, groups: [{ ...first, senders: [{ ...first!.senders[0], first: '1' }] }] },
  ])
    expect(errors('reception', wrong)).not.toEqual([]);
});

test('what kmcast send prints is as documented, and nothing else', () => {
  const flow = { id: 1, source: '10.0.0.1', port: 4, interface: 'eth0', tried: 5, sent: 4, began: 1, ended: 2 };
  const refusal = { code: 'EPERM', packets: 1, error: 'Operation not permitted' };
  const sent = {
    type: 'sent',
    place: 'p',
    last: true,
    at: 1,
    boot: null,
    flows: [{ ...flow, errors: [refusal] }],
  } as const;
  const report = sending('1', RUN, [group], sent);
  for (const one of [report, sending('1', RUN, [group], undefined)]) expect(errors('sending', one)).toEqual([]);
  for (const wrong of [
    { ...report, run: 7 },
    { ...report, groups: [{ ...report.groups[0], sent: 'all' }] },
  ])
    expect(errors('sending', wrong)).not.toEqual([]);
});
