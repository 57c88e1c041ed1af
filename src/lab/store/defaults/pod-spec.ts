/** Defaults of a PodSpec, of pods and of templates alike (kubernetes/pkg/apis/core/v1/defaults.go). */
import { each, fill, isPart, type Part } from './fill.ts';

export function setPodSpecDefaults(spec: Part): void {
  if (!isPart(spec)) return;
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  if (spec.serviceAccountName !== undefined) spec.serviceAccount = spec.serviceAccountName;
  else if (spec.serviceAccount !== undefined) spec.serviceAccountName = spec.serviceAccount;
  for (const container of each(spec.initContainers)) setContainerDefaults(container);
  for (const container of each(spec.containers)) setContainerDefaults(container);
  for (const container of each(spec.ephemeralContainers)) setContainerDefaults(container);
  for (const volume of each(spec.volumes)) setVolumeDefaults(volume);
  if (spec.hostNetwork === true) for (const container of each(spec.containers)) setHostPorts(container);
}

export function setContainerDefaults(container: Part): void {
  fill(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest(container.image) ? 'Always' : 'IfNotPresent',
    resources: {},
  });
  for (const quantities of [container.resources?.requests, container.resources?.limits]) writeAsText(quantities);
  for (const port of each(container.ports)) fill(port, { protocol: 'TCP' });
  for (const variable of each(container.env)) {
    if (isPart(variable.valueFrom)) fill(variable.valueFrom.fieldRef, { apiVersion: 'v1' });
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) setProbeDefaults(container[probe]);
}

/** A quantity may be given as a number; it is kept as text. */
function writeAsText(quantities: Part): void {
  if (!isPart(quantities)) return;
  for (const [name, quantity] of Object.entries(quantities)) {
    if (typeof quantity === 'number') quantities[name] = String(quantity);
  }
}

/** No tag, or `latest`: such an image is fetched each time. */
function isLatest(image: unknown): boolean {
  if (typeof image !== 'string' || image.includes('@')) return false;
  const tag = /:([\w][\w.-]*)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}

function setProbeDefaults(probe: Part): void {
  if (!isPart(probe)) return;
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  fill(probe.httpGet, { path: '/', scheme: 'HTTP' });
}

function setVolumeDefaults(volume: Part): void {
  const source = Object.keys(volume).find((field) => field !== 'name');
  if (source === undefined) volume.emptyDir = {};
  for (const kind of ['configMap', 'secret', 'downwardAPI', 'projected']) fill(volume[kind], { defaultMode: 0o644 });
  fill(volume.hostPath, { type: '' });
  for (const item of [...each(volume.downwardAPI?.items), ...projectedItems(volume)]) {
    fill(item.fieldRef, { apiVersion: 'v1' });
  }
}

function projectedItems(volume: Part): Part[] {
  return each(volume.projected?.sources).flatMap((source) => each(source.downwardAPI?.items));
}

/** In the node's network a port of the container is the node's. */
function setHostPorts(container: Part): void {
  for (const port of each(container.ports)) fill(port, { hostPort: port.containerPort });
}
