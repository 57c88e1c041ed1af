/** What ConfigMaps and Secrets hold (core/v1). */
import type { Store } from '../store.ts';
import { Waiting } from './image-check.ts';

/**
 * By key, decoded; undefined when the object is absent and may be.
 * @throws Waiting CreateContainerConfigError `configmap "x" not found`
 */
export function dataOf(
  store: Store,
  kind: 'configmap' | 'secret',
  namespace: string,
  name: string,
  optional?: boolean,
): Map<string, Buffer> | undefined {
  const object = store.get(`${kind}s`, namespace, name);
  if (object === undefined && optional) return undefined;
  if (object === undefined) throw new Waiting('CreateContainerConfigError', `${kind} "${name}" not found`);
  const decoded = (fields: unknown, encoding: 'utf8' | 'base64') =>
    Object.entries(fields ?? {}).map(([key, value]): [string, Buffer] => [key, Buffer.from(String(value), encoding)]);
  return new Map(
    kind === 'secret'
      ? decoded(object.data, 'base64')
      : [...decoded(object.data, 'utf8'), ...decoded(object.binaryData, 'base64')],
  );
}
