import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import rule from '../../src/doctor/rules/joined-on-wrong-interface.ts';
import strict from '../../src/doctor/rules/reverse-path-filter.ts';
import { type Draft, flow, snapshot } from '../doctor/snapshot.ts';

function astray(d: Draft): void {
  d.missing.attachments = 'list network-attachment-definitions is forbidden';
  d.rx.netns.memberships[0]!.interface = 'eth0';
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => !r.destination.startsWith('239'));
}

const stepsOf = (patch: (d: Draft) => void) => diagnose(snapshot(patch), [rule, strict])[0]!.plan.steps;

test('an attachment that may not be read is changed in words, before the pod is created anew', () => {
  const steps = stepsOf(astray);
  expect(steps.map((step) => step.on)).toEqual(['cluster', 'cluster']);
  expect(steps[0]).toEqual({
    on: 'cluster',
    title:
      'In the configuration of attachment video/mcast, have {"dst": "239.10.20.30/32", "gw": "0.0.0.0"} in "routes" of "ipam" (it could not be read: list network-attachment-definitions is forbidden)',
  });
  expect(steps[1]!.title).toMatch(/^Create pod rx anew/);
});

test('a source that is on no network of the interface needs a route too', () => {
  const [step] = stepsOf((d) => {
    astray(d);
    d.rx.flows = [flow({ source: '10.9.9.9' })];
    d.node.flows = [flow({ interface: 'eth1', source: '10.9.9.9' })];
  });
  expect(step!.title).toContain('{"dst": "10.9.9.9/32", "gw": "0.0.0.0"}');
});

test('nothing is said in words of one that was read', () => {
  const steps = stepsOf((d) => {
    astray(d);
    delete d.missing.attachments;
    d.cluster.attachments[0]!.config = d.cluster.attachments[0]!.config.replace(/"routes":\[.*?\]/, '"routes":[]');
  });
  expect(steps[0]!.manifest).toContain('239.10.20.30/32');
  expect(steps.map((s) => s.title).join()).not.toContain('In the configuration');
});
