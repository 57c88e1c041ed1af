import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeardSender } from '../../src/agent/traffic.ts';
import { HERE } from '../../src/probe/ends.ts';
import { findingsOf } from '../../src/probe/findings.ts';
import { probeJunit } from '../../src/probe/junit.ts';
import { lostAfterFirst, pathsOf } from '../../src/probe/paths.ts';
import { flowsOf, socketsOf } from '../../src/probe/plan.ts';
import { probeText } from '../../src/probe/probe-text.ts';
import { renderProbe } from '../../src/probe/render.ts';
import { style } from '../../src/report/style.ts';
import { heard, planOf, pod, receiverSeen, reportOf, senderSeen } from './measured.ts';

const [tx, near, far] = [pod('tx', 'node1'), pod('near', 'node1'), pod('far', 'node2')];
const plan = planOf([tx], [near, far]);
const NONE = { datagrams: 0 };

function paths(group: readonly HeardSender[][], limit = NONE, sender = senderSeen(plan, 0)) {
  const receivers = group.map((senders, r) => receiverSeen(plan, r, senders));
  return pathsOf(plan, { senders: [sender], receivers }, limit);
}

describe('a path', () => {
  it('tells loss, where it was, doubles, order, and the way it came', () => {
    const [first, second] = paths([[heard(1, {})], [heard(1, { unique: 90, first: 4, duplicates: 2, reordered: 3 })]]);
    expect(first).toMatchObject({
      from: 'pod/tx',
      to: 'pod/near',
      sameNode: true,
      outcome: 'ok',
      way: 'sound',
      sent: 100,
      received: 100,
      lost: 0,
    });
    expect(first).toMatchObject({
      ttl: [16],
      interfaces: ['eth0'],
      control: { address: '10.244.0.9', sent: 10, received: 10 },
    });
    expect(second).toMatchObject({
      sameNode: false,
      outcome: 'lossy',
      way: 'broken',
      received: 90,
      lost: 10,
      lostAfterFirst: 6,
      duplicates: 2,
      reordered: 3,
    });
  });

  it('is lost when nothing of this sender came, whoever else did', () => {
    const foreign = heard(2, {});
    const other = heard(1, { run: 'ff'.repeat(8) });
    expect(paths([[foreign, other], []]).map(({ outcome, lost }) => [outcome, lost])).toEqual([
      ['lost', 100],
      ['lost', 100],
    ]);
  });

  it('fails above the limit alone', () => {
    const outcomes = (unique: number, limit: { datagrams: number }) =>
      paths([[heard(1, { unique })], []], limit)[0]?.outcome;
    expect([outcomes(97, { datagrams: 3 }), outcomes(96, { datagrams: 3 })]).toEqual(['ok', 'lossy']);
  });

  it('is unknown, not lost, when it could not be tested', () => {
    const refused = {
      type: 'receiving',
      place: 'end',
      socket: 'group',
      buffer: 0,
      error: 'No such device',
      code: 'ENODEV',
    } as const;
    const seen = (receiver: object, sender: object) => ({
      senders: [{ ...senderSeen(plan, 0), ...sender }],
      receivers: [{ ...receiverSeen(plan, 0, []), ...receiver }, receiverSeen(plan, 1, [heard(1, {})])],
    });
    expect(pathsOf(plan, seen({ opened: [refused] }, {}), NONE)).toMatchObject([
      {
        outcome: 'unknown',
        way: 'unknown',
        reason: expect.stringMatching(/^the receiver could not join: 239.255.1.2: no route/),
      },
      { outcome: 'ok' },
    ]);
    const gone = { opened: [], counts: undefined, problem: 'exec is forbidden' };
    expect(pathsOf(plan, seen(gone, {}), NONE)[0]).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('exec is forbidden'),
    });
    const mute = seen({}, { sent: undefined, problem: 'no python3' });
    expect(pathsOf(plan, mute, NONE).map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
  });

  it('is lost when the kernel refuses the sender’s datagrams, and says why', () => {
    const errors = [{ code: 'ENETUNREACH', packets: 1, error: 'x' }];
    for (const tried of [0, 100]) {
      const [path] = paths([[], []], NONE, senderSeen(plan, 0, { tried, sent: 0, errors }));
      expect(path).toMatchObject({ outcome: 'lost', sent: 100, reason: expect.stringContaining('ENETUNREACH') });
    }
  });

  it('to itself proves nothing, unless it is the only one', () => {
    const both = planOf([tx, near], [near, tx]);
    const all = [heard(1, {}), heard(2, {})];
    const seen = {
      senders: [senderSeen(both, 0), senderSeen(both, 1)],
      receivers: [receiverSeen(both, 0, all), receiverSeen(both, 1, all)],
    };
    expect(pathsOf(both, seen, NONE).map(({ outcome }) => outcome)).toEqual(['ok', 'self', 'self', 'ok']);
    const one = planOf([tx], [tx]);
    const alone = { senders: [senderSeen(one, 0)], receivers: [receiverSeen(one, 0, all)] };
    expect(pathsOf(one, alone, NONE)[0]?.outcome).toBe('ok');
  });

  it('takes the difference of the clocks off its latency', () => {
    const one = paths([[heard(1, {})], []])[0]?.latency;
    expect(one).toMatchObject({ least: 1, median: 1.2, error: 0 });
    const receivers = [receiverSeen(plan, 0, [heard(1, {})], { boot: 'two' }), receiverSeen(plan, 1, [])];
    const two = pathsOf(plan, { senders: [senderSeen(plan, 0)], receivers }, NONE)[0]?.latency;
    // The receiver's clock is 400 microseconds ahead of the sender's.
    expect(two).toMatchObject({ least: 0.6, median: 0.8, error: 0.1 });
    const { offset: _, ...blind } = senderSeen(plan, 0);
    expect(pathsOf(plan, { senders: [blind], receivers }, NONE)[0]?.latency).toBeNull();
  });

  it('names the sender’s address when receivers joined for another', () => {
    const ssm = planOf([tx], [near], { group: { ...plan.group, source: '10.9.9.9' } });
    const seen = { senders: [senderSeen(ssm, 0)], receivers: [receiverSeen(ssm, 0, [])] };
    expect(pathsOf(ssm, seen, NONE)[0]?.reason).toMatch(
      /source 10.9.9.9 alone, and this sender's address is 10.244.0.5/,
    );
  });

  it('counts loss after the first exactly, whatever came', () => {
    const { Account } = createRequire(import.meta.url)('../../src/agent/node/account.cjs') as {
      Account: new () => { number(value: number): void; told(): Partial<HeardSender> };
    };
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: 1, maxLength: 200 }), (numbers) => {
        const account = new Account();
        for (const number of numbers) account.number(number);
        const first = numbers[0] ?? 0;
        const after = new Set(numbers.filter((number) => number >= first)).size;
        expect(lostAfterFirst(heard(1, account.told()), 100)).toBe(100 - first - after);
      }),
    );
  });
});

describe('the jobs', () => {
  it('send to the group and, a little, to every address of its family', () => {
    const ends = planOf([tx], [near, HERE, { ...far, addresses: ['fd00::9'] }], { fromInterface: 'net1' });
    expect(flowsOf(ends, 0).map(({ id, to, count, interface: on }) => [id, to, count, on])).toEqual([
      [1, '239.255.1.2', 100, 'net1'],
      [10_000, '10.244.0.9', 10, undefined],
    ]);
    const v6 = { ...ends, group: { family: 6, address: 'ff15::1', port: 20_001 } } as const;
    expect(flowsOf(v6, 1).map(({ id, to }) => [id, to])).toEqual([
      [2, 'ff15::1'],
      [20_002, 'fd00::9'],
    ]);
    expect(socketsOf(v6).map(({ group, bind }) => group ?? bind)).toEqual(['ff15::1', 'ff15::100:0:1', '::']);
    expect(socketsOf(ends).map(({ group }) => group)).toEqual(['239.255.1.2', '239.127.1.2', undefined]);
  });
});

describe('a report', () => {
  const report = reportOf(plan, {
    senders: [senderSeen(plan, 0)],
    receivers: [receiverSeen(plan, 0, [heard(1, {})]), receiverSeen(plan, 1, [], { control: 9 })],
  });

  it('shows the matrix, and tells nodes apart', () => {
    expect(probeText(report, style(100, false)).split('\n')).toEqual([
      '239.255.1.2:20001  100 datagrams of 100 bytes at 50/s from each sender, TTL 16',
      '',
      'FROM \\ TO      pod/near @node1  pod/far @node2',
      'pod/tx @node1  ok 1.20 ms =     LOST',
      '',
      'FAILED  1 of 2 paths loses datagrams: all across nodes, and none within a node',
      '',
      'x pod/tx → pod/far: 0 of 100 came, across nodes',
      '  unicast between them loses too (10.244.0.9, 9 of 10)',
    ]);
  });

  it('says up to where a way is sound, how datagrams came, and that groups are not kept apart', () => {
    const lossy = [heard(1, { unique: 90, ways: [{ packets: 90 }] })];
    const seen = {
      senders: [senderSeen(plan, 0)],
      receivers: [receiverSeen(plan, 0, [heard(1, {})]), receiverSeen(plan, 1, lossy)],
    };
    const made = reportOf(plan, seen);
    const receivers = made.receivers.map((one, r) => ({ ...one, namespace: 'video', leaked: r === 0 ? 7 : 0 }));
    const told = { ...made, receivers, findings: findingsOf(plan, receivers) };
    const text = probeText(told, style(100, false));
    expect(text).toContain(
      'the way to pod/near is sound; how the application there joins and listens was not tested: kmcast doctor pod/near -n video',
    );
    expect(text).toContain('they came on an interface that is unknown, their TTL is unknown');
    expect(text).toContain(
      '! group-leak (pod/near): 7 datagrams to 239.255.1.2 came to a socket that is a member of 239.127.1.2 alone',
    );
    expect(probeJunit(told)).toMatch(/failures="1".*<system-out>group-leak \(pod\/near\): 7 /s);
  });

  it('is the same in every format', () => {
    const s = style(100, false);
    expect(JSON.parse(renderProbe(report, 'json', s))).toEqual(report);
    const lines = renderProbe(report, 'jsonl', s)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event, outcome }) => [event, outcome])).toEqual([
      ['path', 'ok'],
      ['path', 'lost'],
      ['result', undefined],
    ]);
    expect(renderProbe(report, 'yaml', s)).toContain('outcome: lost');
    const xml = probeJunit({ ...report, paths: report.paths.map((path) => ({ ...path, reason: '<a> & "b"\u0001' })) });
    expect(xml).toContain('tests="2" failures="1" skipped="0"');
    expect(xml).toContain('message="0 of 100 datagrams came; &#60;a&#62; &#38; &#34;b&#34;?"');
  });
});
