/**
 * Multus, in the daemon: the cluster's network as eth0, then one interface for each entry of the pod's networks annotation.
 * Steps and words are those of its thin plugin (k8snetworkplumbingwg/multus-cni v4, pkg/multus and pkg/k8sclient).
 */
import { readFile } from 'node:fs/promises';
import { type Json, NETWORKS_ANNOTATION } from '../../model/nad.ts';
import { recordEvent } from '../control/events.ts';
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';
import type { Networks, Sandbox } from '../pod-networks.ts';
import type { Store } from '../store.ts';
import { type Attachment, addAttachment, deleteAttachment, podArguments } from './attachment.ts';
import { attachmentConfig, DefinitionMissing } from './attachment-definition.ts';
import { addressesOf, type CniResult, type NetworkConfig, parseConfig } from './cni-config.ts';
import { checkGateways, moveDefaultRoute } from './default-route.ts';
import { type Attached, madeSomething, networkStatus } from './network-status.ts';
import { readOn } from './node-files.ts';
import { PLUGIN_FOLDER } from './plugins.ts';
import { parseSelections, type Selection } from './selections.ts';

/** One network to be attached. */
interface Delegate extends Omit<Attached, 'result'> {
  readonly config: NetworkConfig;
  readonly selection?: Selection;
}

export interface MetaRequest {
  readonly pod: KubeObject;
  readonly node: Node;
  readonly sandbox: Sandbox;
  /** Of the node. */
  readonly netns: string;
  /** /etc/cni/net.d/00-multus.conf. */
  readonly conf: Json;
}

/** Throws in Multus' words, after having undone what it did. */
export async function addNetworks(store: Store, request: MetaRequest): Promise<Networks> {
  const { pod } = request;
  const who = `${pod.metadata.namespace}/${pod.metadata.name}/${pod.metadata.uid}`;
  const failed = (what: string, error: unknown) =>
    new Error(`Multus: [${who}]: ${what}: ${error instanceof Error ? error.message : String(error)}`);
  const first = await clusterNetwork(request).catch((error) => {
    throw failed('failed to get clusterNetwork/defaultNetworks', error);
  });
  const others = await podDelegates(store, request).catch((error) => {
    throw failed('error loading k8s delegates k8s args', error);
  });
  const attached: Attached[] = [];
  const begun: Attachment[] = [];
  const delegates = [first, ...others];
  const moves = others.some(({ selection }) => selection?.defaultRoute !== undefined);
  for (const delegate of delegates) {
    const attachment = attachmentOf(delegate, request);
    try {
      await requireFreeName(request.sandbox, delegate);
      begun.push(attachment);
      const result = await addAttachment(attachment);
      const gateways = delegate.selection?.defaultRoute ?? [];
      if (moves && (delegate.selection?.defaultRoute === undefined || gateways.length > 0)) {
        await moveDefaultRoute(request.node, request.netns, delegate.ifname, gateways);
      }
      attached.push({ ...delegate, result });
      announce(store, pod, delegate, result);
    } catch (error) {
      for (const one of begun.toReversed()) await deleteAttachment(one);
      const why = error instanceof Error ? error.message : String(error);
      const { name } = delegate.config;
      throw new Error(`[${who}:${name}]: error adding container to network "${name}": ${why}`);
    }
  }
  const addresses = attached[0] === undefined ? [] : addressesOf(attached[0].result);
  return { addresses: addresses.map((ip) => ip.replace(/\/.*/, '')), status: networkStatus(attached) };
}

async function clusterNetwork({ node, conf }: MetaRequest): Promise<Delegate> {
  const path = typeof conf.clusterNetwork === 'string' ? conf.clusterNetwork : '';
  const text = await readOn(node, path);
  if (text === undefined) {
    throw new Error(`GetDefaultNetworks: failed to get clusterNetwork ${path} in namespace kube-system`);
  }
  const config = parseConfig(text);
  return { name: config.name, ifname: 'eth0', isDefault: true, config };
}

async function podDelegates(store: Store, request: MetaRequest): Promise<Delegate[]> {
  const { pod, node, conf } = request;
  const namespace = pod.metadata.namespace ?? 'default';
  const selections = parseSelections(pod.metadata.annotations?.[NETWORKS_ANNOTATION] ?? '', namespace);
  const failed = (why: string) =>
    new Error(`TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: ${why}`);
  const open = ['default', ...String(conf.globalNamespaces ?? '').split(',')];
  const delegates: Delegate[] = [];
  for (const [i, selection] of selections.entries()) {
    if (conf.namespaceIsolation === true && selection.namespace !== namespace && !open.includes(selection.namespace)) {
      throw failed(
        `namespace isolation enabled, annotation violates permission, pod is in namespace ${namespace} but refers to target namespace ${selection.namespace}`,
      );
    }
    const config = await attachmentConfig(store, node, selection).catch((error: Error) => {
      if (!(error instanceof DefinitionMissing)) throw failed(`failed getting the delegate: ${error.message}`);
      recordEvent(store, pod, 'Warning', 'NoNetworkFound', error.message, 'multus');
      throw failed(`failed getting the delegate: getKubernetesDelegate: ${error.message}`);
    });
    const name = `${selection.namespace}/${selection.name}`;
    delegates.push({ name, ifname: selection.interface ?? `net${i + 1}`, isDefault: false, config, selection });
  }
  checkGateways(selections);
  return delegates;
}

function attachmentOf({ config, ifname, selection }: Delegate, request: MetaRequest): Attachment {
  const { pod, node, sandbox, netns } = request;
  return {
    node,
    config,
    ifname,
    netns,
    containerId: sandbox.id,
    args: [
      ['IgnoreUnknown', 'true'],
      ...podArguments(pod, sandbox),
      ...(selection?.mac === undefined ? [] : [['MAC', selection.mac] as const]),
      ...(selection?.ips === undefined ? [] : [['IP', selection.ips.join(',')] as const]),
    ],
    capabilities: {
      ...(selection?.ips === undefined ? {} : { ips: selection.ips }),
      ...(selection?.mac === undefined ? {} : { mac: selection.mac }),
    },
    // Multus looks in its own binDir before the runtime's.
    folders: [PLUGIN_FOLDER, PLUGIN_FOLDER],
  };
}

async function requireFreeName(sandbox: Sandbox, { ifname, config }: Delegate): Promise<void> {
  const devices = await readFile(`/proc/${sandbox.pid}/net/dev`, 'utf8');
  if (!devices.split('\n').some((line) => line.trimStart().startsWith(`${ifname}:`))) return;
  const type = config.isList ? '' : config.plugins[0]?.type;
  throw new Error(
    `DelegateAdd: cannot set "${type}" interface name to "${ifname}": validateIfName: interface name ${ifname} already exists`,
  );
}

function announce(store: Store, pod: KubeObject, { name, ifname }: Delegate, result: CniResult): void {
  if (!madeSomething(result)) return;
  const message = `Add ${ifname} [${addressesOf(result).join(' ')}] from ${name}`;
  recordEvent(store, pod, 'Normal', 'AddedInterface', message, 'multus');
}
