import type { Fault } from '../fault.ts';

const fault: Fault = {
  title: 'The NIC below the secondary interface is down',
  rules: ['parent-down'],
  heals: 'plan',
  after: [{ on: 'node1', argv: ['ip', 'link', 'set', 'eth1', 'down'] }],
  // With the link its IPv6 address goes, and nobody brings it back.
  undo: [
    { on: 'node1', argv: ['ip', 'link', 'set', 'eth1', 'up'] },
    { on: 'node1', argv: ['ip', 'address', 'replace', 'fd50::11/64', 'dev', 'eth1', 'nodad'] },
  ],
};
export default fault;
