import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/receive-buffer-overflow.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function drops(d: Draft, dropped: number, read: number): void {
  d.rx.flows = [flow({ packets: dropped + read })];
  d.rx.moved = { 'IpExt.InMcastPkts': dropped + read, 'Udp.InDatagrams': read, 'Udp.RcvbufErrors': dropped };
  d.rx.movedSockets = [{ family: 4, localAddress: '0.0.0.0', localPort: 6000, inode: 4711, drops: dropped }];
  d.node.netns.sysctls['net.core.rmem_max'] = '212992';
}

test('fires on a loss that shows, and raises the cap on the node', () => {
  const { finding } = ask(rule, (d) => drops(d, 50, 950));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('dropped 50 of about 1000');
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'node',
    run: 'sysctl -w net.core.rmem_max=16777216',
    undo: 'sysctl -w net.core.rmem_max=212992',
  });
  expect(finding?.fixes[1]).toMatchObject({ kind: 'advice', on: 'application' });
});

test('says when the application does not read at all', () => {
  const { finding } = ask(rule, (d) => drops(d, 300, 0));
  expect(finding?.title).toContain('does not read');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('says so before the buffer is full, when nothing is taken out of it', () => {
  const fills = (d: Draft) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10 };
    d.rx.netns.sockets[0]!.receiveQueue = 23_000;
  };
  expect(ask(rule, fills).finding?.title).toContain('23000 bytes');
  const reads = ask(rule, (d) => {
    fills(d);
    d.rx.moved['Udp.InDatagrams'] = 4;
  });
  expect(reads.outcome).toBe('pass');
});

test('warns of a small loss', () => {
  expect(ask(rule, (d) => drops(d, 1, 999)).finding?.severity).toBe('warning');
});

test('is silent on drops of another socket, and on bad checksums, which count in the same column', () => {
  const other = ask(rule, (d) => {
    drops(d, 50, 950);
    d.rx.movedSockets = [{ ...d.rx.movedSockets[0]!, inode: 9 }];
  });
  expect(other.outcome).toBe('pass');
  const checksums = ask(rule, (d) => {
    drops(d, 50, 950);
    d.rx.moved = { 'Udp.InDatagrams': 950, 'Udp.InCsumErrors': 50 };
  });
  expect(checksums.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
});
