import { expect, it } from 'vitest';
import type { WatchPlace } from '../../src/capture/place.ts';
import { waysInto } from '../../src/capture/ways.ts';
import type { Access, Opened } from '../../src/facts/observe/access.ts';

const opened: string[] = [];
const open = (name: string) => async (): Promise<Opened> => {
  opened.push(name);
  return { refused: name };
};
const access: Access = {
  exec: open('exec'),
  nodePod: open('node pod'),
  ephemeral: open('ephemeral'),
  local: open('local'),
};
const pod = {
  kind: 'pod',
  name: 'pod/rx',
  pod: { metadata: { name: 'rx', namespace: 'a', uid: 'u' }, spec: { nodeName: 'n', containers: [] } },
} as unknown as WatchPlace & { kind: 'pod' };
const wishes = { queries: [], interfaces: [], snapLength: 1, milliseconds: 1 };

async function order(joins: readonly { group: string }[]): Promise<string[]> {
  const ways = waysInto(pod, { ...wishes, joins }, access);
  opened.length = 0;
  for (const way of ways) await way.open();
  return opened.map((name, i) => `${name}: ${ways[i]!.programs.join(', ')}`);
}

it('takes the least privilege first, by Python and then by tcpdump', async () => {
  expect(await order([])).toEqual([
    'exec: python3, tcpdump',
    'node pod: python3, tcpdump',
    'ephemeral: python3, tcpdump',
  ]);
});

it('prefers a node pod, which can join, to a container with tcpdump alone', async () => {
  expect(await order([{ group: '239.1.2.3' }])).toEqual([
    'exec: python3',
    'node pod: python3, tcpdump',
    'exec: tcpdump',
    'ephemeral: python3, tcpdump',
  ]);
});
