import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/unicast-reply-lost.ts';
import { sends } from '../roles.ts';
import { ask } from '../snapshot.ts';

test('warns when datagrams leave with the address of another interface', () => {
  const { finding } = ask(rule, (d) => sends(d, { source: '10.244.1.7' }));
  expect(finding?.severity).toBe('warning');
  expect(finding?.title).toContain("by net1, but with eth0's address 10.244.1.7");
  expect(finding?.advice).toContain('bind to 10.50.0.21');
});

test('is silent on the interface’s own address, and on receivers', () => {
  expect(ask(rule, (d) => sends(d)).outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
