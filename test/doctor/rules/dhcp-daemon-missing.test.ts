import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/dhcp-daemon-missing.ts';
import { ask, type Draft, nadConfig, neverStarted } from '../snapshot.ts';

function dhcp(d: Draft, message: string): void {
  d.cluster.attachments[0]!.config = nadConfig({ ipam: { type: 'dhcp' } });
  neverStarted(d, { reason: 'FailedCreatePodSandBox', message });
}
const DIAL = 'error dialing DHCP daemon: dial unix /run/cni/dhcp.sock: connect: no such file or directory';

test('starts the daemon on the node', () => {
  const { finding } = ask(rule, (d) => dhcp(d, DIAL));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    'spec.config ipam.type',
    '/run/cni',
    'event FailedCreatePodSandBox',
  ]);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['node', 'recreate']);
});

test('a daemon whose socket was left behind refuses too', () => {
  const { finding } = ask(rule, (d) => {
    dhcp(d, DIAL.replace('no such file or directory', 'connection refused'));
    d.cni.dhcpSocket = true;
  });
  expect(finding?.evidence.map((e) => e.observed)).toContain('dhcp.sock is there');
});

test('is silent when the daemon listens and something else fails, and for other IPAM', () => {
  const listens = ask(rule, (d) => {
    dhcp(d, 'no more tries');
    d.cni.dhcpSocket = true;
  });
  expect(listens.outcome).toBe('pass');
  expect(ask(rule, (d) => neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'x' })).outcome).toBe('pass');
});
