import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import type { Snapshot } from '../../src/facts/snapshot.ts';
import { snapshot } from './snapshot.ts';

/** Both groups are joined on eth0, for want of a route to net1. */
function twoGroupsAstray(targets: readonly string[]): Snapshot {
  const made = snapshot((d) => {
    d.rx.netns.routes = d.rx.netns.routes.filter((r) => !r.destination.startsWith('2'));
    d.cluster.attachments[0]!.config = d.cluster.attachments[0]!.config.replace(/"routes":\[[^\]]*\]/, '"routes":[]');
    d.rx.netns.memberships = ['239.10.20.30', '239.10.20.31'].map((group) => ({
      family: 4,
      interface: 'eth0',
      group,
      users: 1,
    }));
    d.rx.flows = [];
    d.rx.moved = {};
  });
  return { ...made, question: { ...made.question, targets, groups: ['239.10.20.30:6000', '239.10.20.31:6000'] } };
}

test('plans about one attachment hold the routes of all groups that need it: the second may be pasted after the first', () => {
  const plans = diagnose(twoGroupsAstray(['pod/rx']), rules);
  expect(plans.map((d) => d.rootCause)).toEqual(['joined-on-wrong-interface', 'joined-on-wrong-interface']);
  for (const { plan } of plans) {
    const manifest = plan.steps.find((step) => step.manifest !== undefined)?.manifest;
    expect(manifest).toContain('"dst": "239.10.20.30/32"');
    expect(manifest).toContain('"dst": "239.10.20.31/32"');
  }
});

test('of a namespace asked about as a whole, pods that have nothing to do with multicast are not spoken of', () => {
  const made = twoGroupsAstray([]);
  const [rx] = made.targets as [Snapshot['targets'][0]];
  if (!('value' in rx.pod) || !('value' in rx.observation))
    throw new Error('the builder makes a pod that was looked into');
  const web = {
    ...rx,
    name: 'pod/web',
    pod: { value: { ...rx.pod.value, name: 'web', annotations: {}, status: null } },
    observation: {
      value: { ...rx.observation.value, netns: { ...rx.observation.value.netns, memberships: { value: [] } } },
    },
  };
  const all = diagnose({ ...made, targets: [rx, web] }, rules);
  expect([...new Set(all.map((d) => d.target.name))]).toEqual(['pod/rx']);
  const unasked = { ...made.question, groups: [] };
  expect(diagnose({ ...made, targets: [web], question: unasked }, rules).map((d) => d.verdict)).toEqual(['unknown']);
});
