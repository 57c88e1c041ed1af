import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/bound-to-any.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function second(d: Draft): void {
  d.rx.netns.memberships.push({ family: 4, interface: 'net1', group: '239.77.7.7', users: 1 });
  d.rx.flows.push(flow({ destination: '239.77.7.7' }));
}

test('informs of another joined group on the same port', () => {
  const { finding } = ask(rule, second);
  expect(finding?.severity).toBe('info');
  expect(finding?.title).toContain('gets 239.77.7.7 too');
  const dual = ask(rule, (d) => {
    second(d);
    Object.assign(d.rx.netns.sockets[0]!, { family: 6, localAddress: '::', remoteAddress: '::' });
  });
  expect(dual.outcome).toBe('fail');
});

test('is silent when the socket is bound to the group, the port differs, or nobody joined the other one', () => {
  const bound = ask(rule, (d) => {
    second(d);
    d.rx.netns.sockets[0]!.localAddress = '239.10.20.30';
  });
  expect(bound.outcome).toBe('pass');
  const port = ask(rule, (d) => {
    second(d);
    d.rx.flows[1] = flow({ destination: '239.77.7.7', destinationPort: 7000 });
  });
  expect(port.outcome).toBe('pass');
  expect(ask(rule, (d) => d.rx.flows.push(flow({ destination: '239.77.7.7' }))).outcome).toBe('pass');
});
