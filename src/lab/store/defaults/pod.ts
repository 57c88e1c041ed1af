/** What a pod gets when it is made: defaults, and what the API server's admission plugins add. */
import type { KubeObject } from '../../object.ts';
import { generatedName } from '../names.ts';
import { each, fill, type Part } from './fill.ts';
import { setPodSpecDefaults } from './pod-spec.ts';
import { qosClass } from './qos.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export function setPodDefaults(pod: KubeObject, before: KubeObject | undefined): void {
  pod.spec ??= {};
  const { spec } = pod;
  setPodSpecDefaults(spec);
  if (before !== undefined) return;
  fill(spec, { enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority', priority: 0 });
  fill(spec, { serviceAccountName: 'default' });
  spec.serviceAccount = spec.serviceAccountName;
  tolerate(spec, 'node.kubernetes.io/not-ready');
  tolerate(spec, 'node.kubernetes.io/unreachable');
  if (spec.automountServiceAccountToken !== false) mountToken(spec);
  pod.status = { phase: 'Pending', qosClass: qosClass(spec), ...pod.status };
}

/** Admission plugin DefaultTolerationSeconds. */
function tolerate(spec: Part, key: string): void {
  spec.tolerations ??= [];
  const tolerated = each(spec.tolerations).some(
    (toleration) =>
      (toleration.key === key || (toleration.key === undefined && toleration.operator === 'Exists')) &&
      (toleration.effect === undefined || toleration.effect === '' || toleration.effect === 'NoExecute'),
  );
  if (!tolerated && Array.isArray(spec.tolerations)) {
    spec.tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
}

/** Admission plugin ServiceAccount. */
function mountToken(spec: Part): void {
  const containers = [...each(spec.initContainers), ...each(spec.containers)];
  const without = containers.filter((container) =>
    each(container.volumeMounts).every((m) => m.mountPath !== TOKEN_PATH),
  );
  if (without.length === 0) return;
  const volumes = each(spec.volumes);
  const present = volumes.find((volume) => String(volume.name).startsWith('kube-api-access-'));
  const name = present?.name ?? generatedName('kube-api-access-');
  if (present === undefined) spec.volumes = [...volumes, tokenVolume(name)];
  for (const container of without) {
    container.volumeMounts = [...each(container.volumeMounts), { name, readOnly: true, mountPath: TOKEN_PATH }];
  }
}

function tokenVolume(name: string): Part {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [namespace] } },
  ];
  return { name, projected: { sources, defaultMode: 0o644 } };
}
