import { expect, test } from 'vitest';
import { parseGroup } from '../../src/model/group.ts';
import { style } from '../../src/report/style.ts';
import { routesText } from '../../src/routes/text.ts';
import { routesView } from '../../src/routes/view.ts';
import { type Patch, route, snapshot } from '../doctor/snapshot.ts';

function view(patch?: Patch, sources = ['10.50.0.9']) {
  const made = snapshot(patch);
  const groups = made.question.groups.map(parseGroup).filter((g) => typeof g !== 'string');
  return routesView(made, made.targets[0]!, groups, sources);
}

const row = (name: string, patch?: Patch) => view(patch).interfaces.find((r) => r.name === name);

test('each interface with its role, its parent, and what leaves by it', () => {
  expect(row('eth0')).toMatchObject({
    role: 'cluster network',
    parent: null,
    groupRoutes: ['0.0.0.0/0 via 10.244.1.1'],
  });
  expect(row('net1')).toEqual({
    name: 'net1',
    role: 'secondary',
    state: 'up',
    kind: 'macvlan bridge',
    parent: 'eth1',
    addresses: ['10.50.0.21/24'],
    mtu: 1500,
    groupRoutes: ['239.10.20.30/32'],
    sourceRoutes: ['10.50.0.0/24'],
    rpFilter: 1,
    memberships: ['239.10.20.30'],
  });
  expect(row('lo')?.role).toBe('loopback');
});

test('where a join and an answer go', () => {
  expect(view().sentences).toEqual([
    'a join for 239.10.20.30 that names no interface goes out of net1; what is sent to 239.10.20.30:6000 leaves by net1',
    expect.stringContaining('an answer to 10.50.0.9 leaves by net1'),
  ]);
  const byGateway = view((d) => {
    d.rx.netns.routes[3] = route('239.10.20.30/32', 'net1', { gateway: '10.50.0.1' });
  });
  expect(byGateway.sentences[0]).toContain('leaves by net1 to the unicast MAC of 10.50.0.1, which no receiver hears');
  const lost = view((d) => {
    d.rx.netns.routes = d.rx.netns.routes.slice(1, 3);
  });
  expect(lost.sentences[0]).toContain('fails (ENODEV');
});

test('the reverse-path filter, in its own words', () => {
  const strict = view(undefined, ['10.9.9.9']);
  expect(strict.sentences[1]).toBe(
    'an answer to 10.9.9.9 leaves by eth0 via 10.244.1.1; the reverse-path filter lets 10.9.9.9 in on eth0 alone',
  );
});

test('what could not be read is said, and not shown as absent', () => {
  const blind = view((d) => {
    d.missing.routes = 'ip: not found';
    d.missing.sysctls = '/proc/sys is masked';
  });
  expect(blind.unknown).toEqual(['routes: ip: not found', 'sysctls: /proc/sys is masked']);
  expect(blind.sentences).toEqual([]);
  expect(blind.interfaces.find((r) => r.name === 'net1')?.rpFilter).toBeNull();
  const closed = view((d) => {
    d.missing.observation = 'pods/exec is forbidden';
  });
  expect(closed).toMatchObject({ interfaces: [], unknown: ['pods/exec is forbidden'] });
});

test('states', () => {
  const state = (flags: string[]) =>
    row('net1', (d) => {
      d.rx.netns.links[2]!.flags = flags;
    })?.state;
  expect([state(['UP']), state(['UP', 'NO-CARRIER']), state([])]).toEqual(['up', 'no carrier', 'down']);
});

test('the table, and the sentences beneath it', () => {
  expect(routesText(view(), style(110, false))).toMatchSnapshot();
  const blind = routesText(
    view((d) => {
      d.missing.observation = 'no\u001b[2J way\nin';
    }),
    style(110, false),
  );
  expect(blind).toBe('pod/rx in video on node1\nunknown: no\\x1b[2J way in');
});
