/** The routes merged into an attachment of the user's own: nothing but `ipam.routes` changes. */

import { isObject, type Json, type NadConfig } from '../model/nad.ts';
import { mendConfig } from '../plan/nad-config.ts';
import { configText, nadManifest } from '../plan/nad-manifest.ts';
import type { AnswerRoute } from './answer.ts';
import { lineDiff } from './line-diff.ts';

/** An attachment as it is in the cluster. */
export interface ExistingNad {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config: NadConfig;
}

export interface NadAnswer {
  readonly namespace: string;
  readonly name: string;
  readonly changed: boolean;
  /** `spec.config` as it must be. */
  readonly config: Json;
  /** Lines with `+`, `-` or a blank in front; empty when nothing changes. */
  readonly diff: readonly string[];
  /** For `kubectl apply -f -`. */
  readonly manifest: string;
  readonly notes: readonly string[];
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** @param groups and @param sources IPv4 addresses that the attachment must route to its interface */
export function nadAnswer(
  nad: ExistingNad,
  routes: readonly AnswerRoute[],
  isGroup: (address: string) => boolean,
): NadAnswer {
  const { json } = nad.config;
  const addresses = routes.map(({ dst }) => dst.split('/')[0] ?? '');
  const wants = { groups: addresses.filter(isGroup), sources: addresses.filter((address) => !isGroup(address)) };
  const config = withRoutes(json, (bare) => routesIn(mendConfig(bare, [], wants)));
  const { [LAST_APPLIED]: _, ...annotations } = nad.annotations ?? {};
  const diff = lineDiff(configText(json).trimEnd().split('\n'), configText(config).trimEnd().split('\n'));
  const notes: string[] = [];
  if (nad.config.misplacedRoutes.length > 0)
    notes.push('routes beside ipam are read by no plugin: they are left as they are, and do nothing');
  if (nad.config.ipamType === 'dhcp')
    notes.push(
      'IPAM dhcp takes routes from the lease, not from ipam.routes: have the DHCP server hand them out, or use another IPAM',
    );
  notes.push('a pod reads its attachment when it is created: re-create the pods that use it');
  return {
    namespace: nad.namespace,
    name: nad.name,
    changed: diff.length > 0,
    config,
    diff,
    manifest: nadManifest({
      namespace: nad.namespace,
      name: nad.name,
      ...(nad.labels === undefined ? {} : { labels: nad.labels }),
      annotations,
      config,
    }),
    notes,
  };
}

/** The configuration, single or list, with other routes in the first plugin's IPAM; all else as it was. */
function withRoutes(json: Json, routesFor: (bare: Json) => unknown): Json {
  const plugins = Array.isArray(json.plugins) ? (json.plugins as unknown[]) : undefined;
  const at = plugins?.findIndex(isObject) ?? -1;
  const main = plugins === undefined ? json : plugins[at];
  if (!isObject(main)) return json;
  const { routes: _, ...bare } = main;
  const routes = routesFor(bare);
  if (routes === undefined) return json;
  const changed = { ...main, ipam: { ...(isObject(main.ipam) ? main.ipam : {}), routes } };
  return plugins === undefined
    ? changed
    : { ...json, plugins: plugins.map((plugin, i) => (i === at ? changed : plugin)) };
}

function routesIn(plugin: Json): unknown {
  return isObject(plugin.ipam) ? plugin.ipam.routes : undefined;
}
