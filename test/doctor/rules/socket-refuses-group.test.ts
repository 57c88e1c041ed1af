import { expect, test } from 'vitest';
import overflow from '../../../src/doctor/rules/receive-buffer-overflow.ts';
import rule from '../../../src/doctor/rules/socket-refuses-group.ts';
import { ask, type Draft } from '../snapshot.ts';

function ignored(d: Draft): void {
  d.rx.moved = { 'IpExt.InMcastPkts': 10, 'Udp.IgnoredMulti': 10 };
}

test('fires when the kernel finds no socket that wants the stream, though one is bound to its port', () => {
  const { finding } = ask(rule, ignored);
  expect(finding?.severity).toBe('error');
  expect(finding?.detail).toContain('SO_BINDTODEVICE');
  expect(finding?.detail).not.toContain('IPV6_V6ONLY');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['/proc/net/udp', 'capture', '/proc/net/snmp']);
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('names the family of an IPv6 socket, and the peer of a connected one', () => {
  const six = ask(rule, (d) => {
    ignored(d);
    Object.assign(d.rx.netns.sockets[0]!, { family: 6, localAddress: '::', remoteAddress: '::' });
  });
  expect(six.finding?.detail).toContain('IPV6_V6ONLY');
  const connected = ask(rule, (d) => {
    ignored(d);
    Object.assign(d.rx.netns.sockets[0]!, {
      localAddress: '239.10.20.30',
      remoteAddress: '10.50.0.77',
      remotePort: 6000,
    });
  });
  expect(connected.finding?.detail).toContain('connected to 10.50.0.77:6000');
});

test('fires when the socket drops what comes, and not for want of room', () => {
  const filtered = (d: Draft) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10 };
    d.rx.movedSockets = [{ family: 4, localAddress: '0.0.0.0', localPort: 6000, inode: 4711, drops: 10 }];
  };
  expect(ask(rule, filtered).finding?.detail).toContain('SO_ATTACH_FILTER');
  expect(ask(overflow, filtered).outcome).toBe('pass');
  const full = ask(rule, (d) => {
    filtered(d);
    d.rx.moved['Udp.RcvbufErrors'] = 10;
  });
  expect(full.outcome).toBe('pass');
});

test('is silent when the application reads, when nothing was ignored, and when the stream goes to another port', () => {
  expect(ask(rule).outcome).toBe('pass');
  const patches: ((d: Draft) => void)[] = [
    (d) => {
      d.rx.moved['Udp.InDatagrams'] = 10;
    },
    (d) => {
      d.rx.moved['Udp.IgnoredMulti'] = 0;
    },
    (d) => {
      d.rx.flows = d.rx.flows.map((f) => ({ ...f, destinationPort: 7000 }));
    },
  ];
  for (const patch of patches)
    expect(
      ask(rule, (d) => {
        ignored(d);
        patch(d);
      }).outcome,
    ).toBe('pass');
});
