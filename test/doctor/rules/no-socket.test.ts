import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/no-socket.ts';
import { ask } from '../snapshot.ts';

test('fires when the group is joined and no socket could take it', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.netns.sockets = [];
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]?.observed).toBe('no UDP sockets');
});

test('does not count sockets of other addresses on other ports', () => {
  const { finding } = ask(rule, (d) =>
    Object.assign(d.rx.netns.sockets[0]!, { localAddress: '127.0.0.1', localPort: 53 }),
  );
  expect(finding?.evidence[0]?.observed).toContain('1 UDP sockets, none bound');
});

test('is silent on a dual-stack socket, and leaves sockets on the port to bound-to-unicast', () => {
  const dual = ask(rule, (d) =>
    Object.assign(d.rx.netns.sockets[0]!, { family: 6, localAddress: '::', remoteAddress: '::' }),
  );
  expect(dual.outcome).toBe('pass');
  expect(ask(rule, (d) => Object.assign(d.rx.netns.sockets[0]!, { localAddress: '10.50.0.21' })).outcome).toBe('pass');
  expect(ask(rule, (d) => (d.rx.netns.memberships = [])).outcome).toBe('skipped');
});
