/** Events as client-go records them (tools/record): the same again only raises the count. */
import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../object.ts';
import { StatusError, type Store } from '../store.ts';

/** So many events that differ in the message alone stay apart; further ones share one (client-go, EventAggregator). */
const SIMILAR = 10;
const COMBINED = '(combined from similar events): ';

/**
 * Never throws: an event about an object whose namespace is gone is of no use to anybody.
 * @param component `kubelet`, `default-scheduler` …
 * @param host the node that the component runs on
 */
export function recordEvent(
  store: Store,
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component: string,
  host?: string,
): void {
  const { name, uid } = object.metadata;
  const namespace = object.metadata.namespace ?? 'default';
  const similar = store
    .list('events', namespace)
    .filter(
      (event) =>
        event.involvedObject?.uid === uid &&
        event.type === type &&
        event.reason === reason &&
        event.source?.component === component,
    );
  const text = similar.length >= SIMILAR ? `${COMBINED}${message}` : message;
  const same =
    similar.find((event) => event.message === message) ??
    (text === message ? undefined : similar.find((event) => String(event.message).startsWith(COMBINED)));
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  try {
    if (same !== undefined) {
      store.mutate('events', namespace, same.metadata.name, (event) => {
        event.count = (event.count ?? 1) + 1;
        event.lastTimestamp = now;
        if (event.message !== message) event.message = text;
      });
      return;
    }
    store.create('events', {
      metadata: { name: `${name}.${randomBytes(8).toString('hex')}`, namespace },
      involvedObject: {
        kind: object.kind,
        ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
        name,
        uid,
        apiVersion: object.apiVersion,
        resourceVersion: object.metadata.resourceVersion,
      },
      reason,
      message: text,
      source: { component, ...(host === undefined ? {} : { host }) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}
