import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/sysctl-not-permitted.ts';
import { ask, type Draft, neverStarted } from '../snapshot.ts';

function forbidden(d: Draft): void {
  d.pod.phase = 'Failed';
  d.pod.sysctls = [{ name: 'net.ipv4.igmp_max_memberships', value: '100' }];
  d.pod.statusReason = 'SysctlForbidden';
  d.pod.statusMessage = 'forbidden sysctl: "net.ipv4.igmp_max_memberships" not allowlisted';
}

test('the kubelet refuses: the tuning plugin sets the sysctl instead', () => {
  const { finding } = ask(rule, forbidden);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('node1 does not permit the sysctl net.ipv4.igmp_max_memberships');
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'attachment',
    name: 'mcast',
    edits: [{ set: 'sysctl', name: 'net.ipv4.igmp_max_memberships', value: '100' }],
  });
  const [, bare] = finding?.fixes ?? [];
  expect(bare?.kind === 'cluster' && bare.run).toContain(
    `kubectl patch --local -f "$f" --type json -p '[{"op":"remove","path":"/spec/securityContext/sysctls"}]'`,
  );
});

test('a workload loses the sysctls of its template', () => {
  const { finding } = ask(rule, (d) => {
    forbidden(d);
    d.pod.owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx', replicas: 2 }];
  });
  const [, patch] = finding?.fixes ?? [];
  expect(patch?.kind === 'cluster' && patch.run).toBe(
    `kubectl -n video patch deployment rx --type json -p '[{"op":"remove","path":"/spec/template/spec/securityContext/sysctls"}]'`,
  );
});

test('the tuning plugin refuses: its list is completed', () => {
  const { finding } = ask(rule, (d) =>
    neverStarted(d, {
      reason: 'FailedCreatePodSandBox',
      message: 'Sysctl net.ipv4.conf.IFNAME.rp_filter is not allowed. Only the following sysctls are allowed: [...]',
    }),
  );
  const [fix] = finding?.fixes ?? [];
  expect(fix?.kind === 'node' && fix.run).toBe(
    `printf '%s\\n' '^net\\.ipv4\\.conf\\.IFNAME\\.rp_filter$' >>/etc/cni/tuning/allowlist.conf`,
  );
});

test('is silent on a pod with permitted sysctls', () => {
  expect(
    ask(rule, (d) => {
      d.pod.sysctls = [{ name: 'net.ipv4.ping_group_range', value: '0 0' }];
    }).outcome,
  ).toBe('pass');
});
