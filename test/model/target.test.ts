import { expect, test } from 'vitest';
import { parseTarget, type TargetName } from '../../src/model/target.ts';

const apps = (resource: string, kind: string) => ({ group: 'apps/v1', resource, kind });

test.each<[string, TargetName]>([
  ['rx', { kind: 'pod', name: 'rx' }],
  ['pod/rx', { kind: 'pod', name: 'rx' }],
  ['po/rx/app', { kind: 'pod', name: 'rx', container: 'app' }],
  ['deploy/rx', { kind: 'workload', name: 'rx', workload: apps('deployments', 'Deployment') }],
  ['Deployment.apps/rx', { kind: 'workload', name: 'rx', workload: apps('deployments', 'Deployment') }],
  ['sts/rx', { kind: 'workload', name: 'rx', workload: apps('statefulsets', 'StatefulSet') }],
  ['ds/rx', { kind: 'workload', name: 'rx', workload: apps('daemonsets', 'DaemonSet') }],
  ['rs/rx', { kind: 'workload', name: 'rx', workload: apps('replicasets', 'ReplicaSet') }],
  ['job/rx', { kind: 'workload', name: 'rx', workload: { group: 'batch/v1', resource: 'jobs', kind: 'Job' } }],
  ['node/n1', { kind: 'node', name: 'n1' }],
  ['nodes', { kind: 'nodes' }],
  ['local', { kind: 'local' }],
])('%s', (text, target) => expect(parseTarget(text)).toEqual(target));

test.each([
  ['', 'is no target'],
  ['pod/', 'is no target'],
  ['pod/rx/', 'is no target'],
  ['/rx', 'kmcast looks at'],
  ['pod/rx/app/x', 'is no target'],
  ['svc/rx', 'kmcast looks at'],
  ['deploy/rx/app', 'names a container'],
  ['constructor/rx', 'kmcast looks at'],
])('%j is refused with the reason', (text, reason) => expect(parseTarget(text)).toContain(reason));
