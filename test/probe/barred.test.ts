import { expect, it } from 'vitest';
import { withBarred } from '../../src/probe/barred.ts';
import type { ReceiverSeen } from '../../src/probe/conduct.ts';
import type { End } from '../../src/probe/ends.ts';
import { withoutNetwork } from '../../src/probe/ends.ts';
import { pathsOf } from '../../src/probe/paths.ts';
import { planOf, pod, senderSeen } from './measured.ts';

const TOOLS = { version: '1', announce: () => undefined, signal: new AbortController().signal };

function withStatus(status: object): End {
  return {
    ...pod('rx', 'node1'),
    pod: { metadata: { name: 'rx' }, spec: { nodeName: 'node1', containers: [] }, status },
  };
}

function receiver(code: string): ReceiverSeen {
  const counts = { type: 'counts', place: 'p', last: true, at: 0, boot: null, badChecksums: 0, sockets: [] } as const;
  return { opened: [{ type: 'receiving', place: 'p', socket: 'group', buffer: 0, error: 'no', code }], counts };
}

async function died(to: End, seen: ReceiverSeen) {
  const plan = planOf([pod('tx', 'node1')], [to]);
  const all = { senders: [senderSeen(plan, 0)], receivers: [seen] };
  const [path] = await withBarred(plan, all, pathsOf(plan, all, { datagrams: 0 }), TOOLS, () => undefined);
  return [path?.outcome, path?.died?.at, path?.died?.hops[0]?.reason];
}

it('ends the way at a pod whose networks were not made, and at an interface that cannot be joined on', async () => {
  const untested = { opened: [], problem: 'x' };
  expect(await died(withStatus({ phase: 'Pending' }), untested)).toEqual([
    'unknown',
    'attachment',
    'pod/rx never ran: its networks were not made',
  ]);
  expect(await died(withStatus({ phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] }), untested)).toEqual([
    'unknown',
    undefined,
    undefined,
  ]);
  expect((await died(pod('rx', 'node1'), receiver('ENODEV'))).slice(0, 2)).toEqual(['unknown', 'membership']);
  expect(await died(pod('rx', 'node1'), receiver('EADDRINUSE'))).toEqual(['unknown', undefined, undefined]);
});

it('knows pods that have ended, and those on no node', () => {
  expect(withoutNetwork(withStatus({ phase: 'Failed' }))).toBe('pod/rx has ended (Failed)');
  expect(withoutNetwork(withStatus({ phase: 'Pending', podIPs: [{ ip: '10.0.0.1' }] }))).toBeUndefined();
  const { pod: made, ...end } = withStatus({ phase: 'Pending' });
  expect(withoutNetwork({ ...end, pod: { ...made!, spec: { containers: [] } } })).toBe(
    'pod/rx never ran: it is on no node',
  );
});
