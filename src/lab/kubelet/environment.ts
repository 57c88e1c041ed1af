/** A container's environment and command line (core/v1 EnvVar, Container.command). */
import type { KubeObject } from '../object.ts';
import type { Store } from '../store.ts';
import { dataOf } from './config-data.ts';
import { fieldOf, type LateFields } from './field-ref.ts';
import { Waiting } from './image-check.ts';
import type { Container, KeyRef } from './types.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @throws Waiting CreateContainerConfigError where an object or a key that is not optional is absent. */
export function environmentOf(
  store: Store,
  pod: KubeObject,
  container: Container,
  about: LateFields & { readonly hostname: string; readonly uid: number; readonly path: readonly string[] },
): Map<string, string> {
  const found = new Map([
    ['PATH', [PATH, ...about.path].join(':')],
    ['HOSTNAME', about.hostname],
    ['HOME', about.uid === 0 ? '/root' : '/'],
    ...apiServer(store),
  ]);
  if (container.tty) found.set('TERM', 'xterm');
  const namespace = pod.metadata.namespace ?? '';
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    if (reference === undefined) continue;
    const data = dataOf(store, configMapRef ? 'configmap' : 'secret', namespace, reference.name, reference.optional);
    for (const [key, value] of data ?? []) found.set(prefix + key, value.toString());
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) found.set(name, expand(value ?? '', found));
    else if (valueFrom.fieldRef) found.set(name, fieldOf(pod, valueFrom.fieldRef.fieldPath, about) ?? '');
    else if (valueFrom.configMapKeyRef) put(found, name, keyOf(store, 'configmap', pod, valueFrom.configMapKeyRef));
    else if (valueFrom.secretKeyRef) put(found, name, keyOf(store, 'secret', pod, valueFrom.secretKeyRef));
  }
  return found;
}

/** The command line: the image's where the pod gives none; an image's command goes with a command of the pod's. */
export function commandOf(
  { command, args }: Container,
  image: readonly string[],
  environment: ReadonlyMap<string, string>,
): string[] {
  const words = command?.length ? [...command, ...(args ?? [])] : args?.length ? args : image;
  return words.map((word) => expand(word, environment));
}

/** `$(NAME)` becomes the variable's value where there is one; `$$` is a plain dollar sign (third_party/forked/golang/expansion). */
export function expand(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (all, mark: string, name: string) =>
    mark === '$' ? '$' : (environment.get(name) ?? all),
  );
}

function keyOf(store: Store, kind: 'configmap' | 'secret', pod: KubeObject, reference: KeyRef): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const value = dataOf(store, kind, namespace, reference.name, reference.optional)?.get(reference.key);
  if (value !== undefined || reference.optional) return value?.toString();
  const noun = kind === 'configmap' ? 'ConfigMap' : 'Secret';
  const message = `couldn't find key ${reference.key} in ${noun} ${namespace}/${reference.name}`;
  throw new Waiting('CreateContainerConfigError', message);
}

function put(found: Map<string, string>, name: string, value: string | undefined): void {
  if (value !== undefined) found.set(name, value);
}

/** Every container finds the API server by the variables of its service. */
function apiServer(store: Store): [string, string][] {
  const spec = store.get('services', 'default', 'kubernetes')?.spec;
  if (!spec?.clusterIP) return [];
  const port = String(spec.ports?.[0]?.port ?? 443);
  const address = String(spec.clusterIP);
  return [
    ['KUBERNETES_SERVICE_HOST', address],
    ['KUBERNETES_SERVICE_PORT', port],
    ['KUBERNETES_SERVICE_PORT_HTTPS', port],
    ['KUBERNETES_PORT', `tcp://${address}:${port}`],
    [`KUBERNETES_PORT_${port}_TCP`, `tcp://${address}:${port}`],
    [`KUBERNETES_PORT_${port}_TCP_ADDR`, address],
    [`KUBERNETES_PORT_${port}_TCP_PORT`, port],
    [`KUBERNETES_PORT_${port}_TCP_PROTO`, 'tcp'],
  ];
}
