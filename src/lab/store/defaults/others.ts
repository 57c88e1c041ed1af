/** Defaults of the kinds that run nothing. */
import { randomInt } from 'node:crypto';
import type { KubeObject } from '../../object.ts';
import { each, fill, isPart } from './fill.ts';

const RBAC = 'rbac.authorization.k8s.io';

export function setNamespaceDefaults(namespace: KubeObject, before: KubeObject | undefined): void {
  const { metadata } = namespace;
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  if (before !== undefined) return;
  namespace.spec = { finalizers: ['kubernetes'], ...namespace.spec };
  namespace.status = { phase: 'Active' };
}

export function setServiceDefaults(service: KubeObject): void {
  service.spec ??= {};
  const { spec } = service;
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of each(spec.ports)) fill(port, { protocol: 'TCP', targetPort: port.port });
  if (spec.type !== 'ExternalName') {
    // The first 256 addresses are for those who choose.
    fill(spec, { clusterIP: `10.96.${randomInt(1, 256)}.${randomInt(1, 255)}` });
    fill(spec, { clusterIPs: [spec.clusterIP], internalTrafficPolicy: 'Cluster' });
    fill(spec, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  }
  service.status ??= { loadBalancer: {} };
}

/** What is given as text is kept in base64, as the rest. */
export function setSecretDefaults(secret: KubeObject): void {
  fill(secret, { type: 'Opaque' });
  if (!isPart(secret.stringData)) return;
  secret.data = { ...secret.data };
  for (const [key, value] of Object.entries(secret.stringData)) {
    secret.data[key] = Buffer.from(String(value)).toString('base64');
  }
  delete secret.stringData;
}

export function setNetworkPolicyDefaults({ spec }: KubeObject): void {
  for (const rule of [...each(spec?.ingress), ...each(spec?.egress)]) {
    for (const port of each(rule.ports)) fill(port, { protocol: 'TCP' });
  }
  fill(spec, { policyTypes: spec?.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
}

export function setBindingDefaults({ roleRef, subjects }: KubeObject): void {
  fill(roleRef, { apiGroup: RBAC });
  for (const subject of each(subjects)) if (subject.kind !== 'ServiceAccount') fill(subject, { apiGroup: RBAC });
}

/** These stand in each event, be it empty. */
export function setEventDefaults(event: KubeObject): void {
  fill(event, { source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: null });
  fill(event, { reportingComponent: '', reportingInstance: '' });
}

/** A definition is served at once; the lab has no names to dispute. */
export function setDefinitionDefaults(definition: KubeObject): void {
  const { spec, metadata } = definition;
  if (!isPart(spec?.names)) return;
  fill(spec, { conversion: { strategy: 'None' } });
  fill(spec.names, { singular: String(spec.names.kind).toLowerCase(), listKind: `${spec.names.kind}List` });
  const condition = { lastTransitionTime: metadata.creationTimestamp, status: 'True' };
  fill(definition, {
    status: {
      acceptedNames: spec.names,
      conditions: [
        { ...condition, type: 'NamesAccepted', reason: 'NoConflicts', message: 'no conflicts found' },
        {
          ...condition,
          type: 'Established',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      storedVersions: each(spec.versions).flatMap((version) => (version.storage === true ? [version.name] : [])),
    },
  });
}
