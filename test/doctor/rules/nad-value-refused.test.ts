import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-value-refused.ts';
import podNotStarted from '../../../src/doctor/rules/pod-not-started.ts';
import { ask, type Draft, nadConfig, neverStarted } from '../snapshot.ts';

const failed =
  (words: string, config = nadConfig()) =>
  (d: Draft) => {
    d.cluster.attachments[0]!.config = config;
    neverStarted(d, {
      reason: 'FailedCreatePodSandBox',
      message: `plugin type="multus" failed (add): [video/rx/1:mcast]: error adding container to network "mcast": ${words}`,
    });
  };

/** The configuration that the plan would apply. */
function mended(patch: (d: Draft) => void): Record<string, unknown> | undefined {
  const [fix] = ask(rule, patch).finding?.fixes ?? [];
  const [edit] = fix?.kind === 'attachment' ? fix.edits : [];
  return edit !== undefined && 'value' in edit ? JSON.parse(String(edit.value)) : undefined;
}

test.each([
  ['unknown macvlan mode: "l2"', nadConfig({ mode: 'l2' }), { mode: 'bridge' }],
  ['failed to create ipvlan: operation not supported', nadConfig({ type: 'ipvlan', mode: 'l2' }), { type: 'macvlan' }],
  [
    'incompatible CNI versions; config is "9.9.9", plugin supports ["0.1.0" "1.0.0"]',
    nadConfig({ cniVersion: '9.9.9' }),
    { cniVersion: '0.3.1' },
  ],
  [
    "the 'address' field is expected to be in CIDR notation, got: '10.50.0.77'",
    nadConfig({}, { type: 'static', addresses: [{ address: '10.50.0.77' }] }),
    { ipam: expect.objectContaining({ addresses: [{ address: '10.50.0.77/24' }] }) },
  ],
  [
    'invalid range set 0: RangeStart 10.60.0.9 not in network 10.50.0.0/24',
    nadConfig({}, { rangeStart: '10.60.0.9' }),
    { ipam: expect.objectContaining({ type: 'static' }) },
  ],
  [
    "failed to add route '{10.66.0.0 ffff0000} via 172.31.0.1 dev net1': network is unreachable",
    nadConfig({}, { routes: [{ dst: '10.66.0.0/16', gw: '172.31.0.1' }] }),
    { ipam: expect.objectContaining({ routes: [{ dst: '10.66.0.0/16', gw: '0.0.0.0' }] }) },
  ],
])('%s', (words, config, expected) => {
  expect(mended(failed(words, config))).toMatchObject(expected);
  expect(ask(podNotStarted, failed(words, config)).outcome).toBe('pass');
});

test('an MTU above the parent’s, and a sysctl that there is not, go', () => {
  const mtu = failed('invalid MTU 9000, must be [0, master MTU(1500)]', nadConfig({ mtu: 9000 }));
  expect(mended(mtu)).not.toHaveProperty('mtu');
  const { cniVersion, name, ...plugin } = JSON.parse(nadConfig());
  const tuning = { type: 'tuning', sysctl: { 'net.ipv4.conf.net1.nosuch': '1', 'net.ipv4.conf.all.rp_filter': '2' } };
  const words =
    'plugin type="tuning" failed (add): open /proc/sys/net/ipv4/conf/net1/nosuch: no such file or directory';
  expect(mended(failed(words, JSON.stringify({ cniVersion, name, plugins: [plugin, tuning] })))?.plugins).toMatchObject(
    [{}, { sysctl: { 'net.ipv4.conf.all.rp_filter': '2' } }],
  );
});

test('is silent on other words, and on values that the attachment does not have', () => {
  expect(ask(rule, failed('something else')).outcome).toBe('pass');
  expect(ask(rule, failed('unknown macvlan mode: "l2"')).outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
