import { describe, expect, it } from 'vitest';
import { answerFor } from '../../src/discover/answer.ts';
import { lineDiff } from '../../src/discover/line-diff.ts';
import { type ExistingNad, nadAnswer } from '../../src/discover/nad-answer.ts';
import { isMulticast } from '../../src/model/group.ts';
import { type NadConfig, parseNadConfig } from '../../src/model/nad.ts';

const route = (dst: string) => ({ dst, gw: '0.0.0.0' as const });

describe('the answer', () => {
  it('routes each group, and each source that is not on-link, with link scope', () => {
    const found = [
      { source: '10.9.9.9', group: '239.1.2.3' },
      { source: '172.31.0.50', group: '239.1.2.3' },
      { source: '10.9.9.9', group: '239.1.2.4' },
    ];
    const answer = answerFor(found, ['172.31.0.11/24', 'fd00:31::11/64']);
    expect(answer.routes).toEqual([route('239.1.2.3/32'), route('239.1.2.4/32'), route('10.9.9.9/32')]);
    expect(answer.onLink).toEqual([{ source: '172.31.0.50', subnet: '172.31.0.0/24' }]);
    expect(answer.notes).toEqual([]);
  });

  it('says that it cannot know what is on-link where no subnet is known', () => {
    const answer = answerFor([{ source: '172.31.0.50', group: '239.1.2.3' }], ['fe80::1/64']);
    expect(answer.routes).toEqual([route('239.1.2.3/32'), route('172.31.0.50/32')]);
    expect(answer.notes.join()).toContain('no IPv4 subnet of the interface is known');
  });

  it('gives IPv6 no routes, and says what it needs', () => {
    const answer = answerFor([{ source: 'fd00::5', group: 'ff15::1' }], ['fd00:31::11/64']);
    expect(answer.routes).toEqual([]);
    expect(answer.notes.join()).toContain('ipv6mr_interface');
  });

  it('leaves out what every host sends, unset sources, and more sources than can be listed', () => {
    const housekeeping = { source: '10.0.0.1', group: '224.0.0.251' };
    const unset = { source: '0.0.0.0', group: '239.1.2.3' };
    expect(answerFor([housekeeping, unset], ['10.5.0.1/24']).routes).toEqual([route('239.1.2.3/32')]);
    const many = Array.from({ length: 100 }, (_, i) => ({ source: `10.0.0.${i}`, group: '239.1.2.3' }));
    const answer = answerFor(many, ['10.5.0.1/24']);
    expect(answer.routes).toHaveLength(65);
    expect(answer.notes.join()).toContain('100 sources are on no subnet');
  });
});

describe('an attachment', () => {
  const nad = (config: object): ExistingNad => ({
    namespace: 'video',
    name: 'mc',
    config: parseNadConfig(JSON.stringify(config)) as NadConfig,
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'kmcast.example/owner': 'me' },
  });
  const ipam = { type: 'host-local', subnet: '172.31.0.0/24', routes: [{ dst: '10.0.0.0/8', gw: '172.31.0.1' }] };
  const plugin = { cniVersion: '0.3.1', name: 'mc', ipam, type: 'macvlan', master: 'eth1', mtu: 1400 };
  const routes = [route('239.1.2.3/32'), route('192.0.2.9/32')];

  it('keeps all but ipam.routes, to the order of its fields', () => {
    const answer = nadAnswer(nad(plugin), routes, isMulticast);
    expect(JSON.stringify(answer.config)).toBe(
      JSON.stringify({ ...plugin, ipam: { ...ipam, routes: [...ipam.routes, ...routes] } }),
    );
    expect(answer.changed).toBe(true);
    expect(answer.diff.filter((line) => line.startsWith('-'))).toEqual([
      '-    "routes": [{"dst": "10.0.0.0/8", "gw": "172.31.0.1"}]',
    ]);
    expect(answer.manifest).toContain('kmcast.example/owner: me');
    expect(answer.manifest).not.toContain('last-applied');
  });

  it('changes the first plugin of a chain alone', () => {
    const { cniVersion, name, ...main } = plugin;
    const chain = { cniVersion, name, plugins: [main, { type: 'tuning' }] };
    const { config } = nadAnswer(nad(chain), routes, isMulticast);
    expect(config).toEqual({
      ...chain,
      plugins: [{ ...main, ipam: { ...ipam, routes: [...ipam.routes, ...routes] } }, { type: 'tuning' }],
    });
  });

  it('leaves routes beside ipam as they are, and says that they do nothing', () => {
    const stray = { ...plugin, routes: [{ dst: '239.9.9.9/32' }] };
    const answer = nadAnswer(nad(stray), routes, isMulticast);
    expect(answer.config.routes).toEqual(stray.routes);
    expect((answer.config.ipam as typeof ipam).routes).toHaveLength(3);
    expect(answer.notes.join()).toContain('beside ipam');
  });

  it('needs no change when it has the routes', () => {
    const done = { ...plugin, ipam: { ...ipam, routes: [route('224.0.0.0/4'), route('192.0.2.0/24')] } };
    expect(nadAnswer(nad(done), routes, isMulticast)).toMatchObject({ changed: false, diff: [] });
  });
});

it('a difference is the fewest lines', () => {
  expect(lineDiff(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual([' a', '-b', '+x', ' c', '+d']);
  expect(lineDiff(['a'], ['a'])).toEqual([]);
  expect(lineDiff([], ['a'])).toEqual(['+a']);
  expect(lineDiff(['a', 'b'], [])).toEqual(['-a', '-b']);
});
