import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/link-local-scope.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const asked = (group: string, source?: string) => (d: Draft) => {
  d.group = group;
  d.source = source;
  silence(d);
};

test('is an error when the source is known to be on another link', () => {
  const { finding } = ask(rule, asked('224.0.0.251:5353', '172.31.9.9'));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('172.31.9.9');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('only informs when the source is on the link, or unknown', () => {
  for (const source of ['10.50.0.9', undefined])
    expect(ask(rule, asked('224.0.0.251:5353', source)).finding?.severity).toBe('info');
  expect(ask(rule, asked('[ff02::fb]:5353')).finding?.severity).toBe('info');
});

test('cannot say where the source is without addresses', () => {
  const { finding } = ask(rule, (d) => {
    asked('224.0.0.251:5353', '172.31.9.9')(d);
    d.missing.addresses = d.missing['node.addresses'] = 'not read';
  });
  expect(finding?.severity).toBe('info');
});

test('is silent on a group that arrives, and on one that is routed', () => {
  const arrives = (d: Draft) => {
    asked('224.0.0.251:5353')(d);
    d.rx.flows = [flow({ destination: '224.0.0.251' })];
  };
  expect(ask(rule, arrives).outcome).toBe('pass');
  const seen = ask(rule, (d) => {
    asked('224.0.0.251:5353', '172.31.9.9')(d);
    d.node.flows = [flow({ interface: 'eth1', destination: '224.0.0.251' })];
  });
  expect(seen.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
