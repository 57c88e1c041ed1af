import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-invalid-json.ts';
import { ask, nadConfig, neverStarted } from '../snapshot.ts';

const broken = (config: string) =>
  ask(rule, (d) => {
    d.cluster.attachments[0]!.config = config;
    neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'json: invalid character' });
  });

test.each([
  ['a trailing comma', nadConfig().replace(/}$/, ',}')],
  ['a comment', `// the video LAN\n${nadConfig()}`],
  ['a missing last brace', nadConfig().slice(0, -1)],
  ['single quotes', nadConfig().replaceAll('"', "'")],
])('mends %s', (_, config) => {
  const { finding } = broken(config);
  expect(finding?.severity).toBe('error');
  const [fix] = finding?.fixes ?? [];
  const edit = fix?.kind === 'attachment' ? fix.edits[0] : undefined;
  expect(JSON.parse(edit !== undefined && 'set' in edit && edit.set === 'config' ? edit.value : '')).toEqual(
    JSON.parse(nadConfig()),
  );
});

test('does not guess at what nobody can read', () => {
  expect(broken('{macvlan on eth1').finding?.fixes.map((f) => f.kind)).toEqual(['advice']);
});

test('an empty configuration names a file on the node', () => {
  expect(
    ask(rule, (d) => {
      d.cluster.attachments[0]!.config = '';
    }).outcome,
  ).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
});

test('a plugin that is not named is told by the other fields, where they are one plugin’s', () => {
  const typeOf = (config: object) => {
    const [fix] =
      ask(rule, (d) => {
        d.cluster.attachments[0]!.config = JSON.stringify(config);
      }).finding?.fixes ?? [];
    const [edit] = fix?.kind === 'attachment' ? fix.edits : [];
    return edit !== undefined && 'value' in edit ? JSON.parse(String(edit.value)).type : fix?.kind;
  };
  expect(typeOf({ name: 'mcast', master: 'eth1', mode: 'bridge' })).toBe('macvlan');
  expect(typeOf({ name: 'mcast', master: 'eth1', mode: 'l2' })).toBe('ipvlan');
  expect(typeOf({ name: 'mcast', bridge: 'br0' })).toBe('bridge');
  expect(typeOf({ name: 'mcast' })).toBe('advice');
});
