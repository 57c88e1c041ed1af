import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-plugin-missing.ts';
import { ask, type Draft, nadConfig, neverStarted } from '../snapshot.ts';

const failure = (d: Draft, type: string) =>
  neverStarted(d, {
    reason: 'FailedCreatePodSandBox',
    message: `plugin type="multus" failed (add): failed to find plugin "${type}" in path [/opt/cni/bin]`,
  });

test('installs a plugin of the CNI release that the node lacks', () => {
  const { finding } = ask(rule, (d) => {
    d.cni.plugins = ['bridge', 'host-local', 'loopback'];
    failure(d, 'macvlan');
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => [e.source, e.observed])).toContainEqual([
    '/opt/cni/bin',
    'has bridge, host-local and loopback',
  ]);
  const [fix] = finding?.fixes ?? [];
  expect(fix).toMatchObject({ kind: 'node', node: 'node1', undo: 'rm /opt/cni/bin/macvlan' });
  expect(fix?.kind === 'node' && fix.run).toContain('tar -xz -C /opt/cni/bin ./macvlan');
});

test('corrects a type that is a slip of the pen, in the chain and in ipam', () => {
  const { finding } = ask(rule, (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, { type: 'hostlocal' });
    failure(d, 'hostlocal');
  });
  const [fix] = finding?.fixes ?? [];
  const edit = fix?.kind === 'attachment' ? fix.edits[0] : undefined;
  expect(JSON.parse(edit !== undefined && 'set' in edit && edit.set === 'config' ? edit.value : '{}')).toEqual(
    JSON.parse(nadConfig()),
  );
});

test('the event alone is enough, and the node’s files alone are', () => {
  const byEvent = ask(rule, (d) => {
    d.missing.cni = 'no node pod';
    failure(d, 'whereabouts');
  });
  expect(byEvent.finding?.fixes[0]).toMatchObject({ kind: 'advice', on: 'node/node1' });
  const byFiles = ask(rule, (d) => {
    d.cni.plugins = d.cni.plugins.filter((p) => p !== 'host-local');
    neverStarted(d, { reason: 'Scheduled', message: 'assigned to node1' });
  });
  expect(byFiles.finding?.title).toBe('node1 has no CNI plugin host-local');
});

test('is silent when the plugin is there by now, and skipped when the pod has its networks', () => {
  expect(ask(rule, (d) => failure(d, 'macvlan')).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      d.cni.plugins = [];
    }).outcome,
  ).toBe('skipped');
});
