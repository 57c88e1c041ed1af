import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/group-collision.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function stranger(d: Draft): void {
  d.source = '10.50.0.9';
  d.rx.flows.push(flow({ source: '10.50.0.77', packets: 4 }));
}

test('names senders beside the source asked about', () => {
  const { finding } = ask(rule, stranger);
  expect(finding?.severity).toBe('warning');
  expect(finding?.title).toContain('10.50.0.77 sends to 239.10.20.30:6000');
  expect(finding?.evidence[0]?.observed).toContain('4 datagrams from 10.50.0.77');
});

test('is silent when a source-specific join keeps them out, or they use another port', () => {
  const filtered = ask(rule, (d) => {
    stranger(d);
    d.rx.netns.sourceFilters = [
      { family: 4, interface: 'net1', group: '239.10.20.30', source: '10.50.0.9', include: 1, exclude: 0 },
    ];
  });
  expect(filtered.outcome).toBe('pass');
  const elsewhere = ask(rule, (d) => {
    d.source = '10.50.0.9';
    d.rx.flows.push(flow({ source: '10.50.0.77', destinationPort: 7000 }));
  });
  expect(elsewhere.outcome).toBe('pass');
});

test('has nothing to say of several senders when none was named', () => {
  expect(ask(rule, (d) => d.rx.flows.push(flow({ source: '10.50.0.77' }))).outcome).toBe('skipped');
});
