/** What a container runtime does with a pod's network (containerd's CRI plugin): the first configuration in /etc/cni/net.d. */
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';
import type { Networks, PodNetworks, Sandbox } from '../pod-networks.ts';
import type { Store } from '../store.ts';
import { type Attachment, addAttachment, deleteAttachment, podArguments } from './attachment.ts';
import { addressesOf, type NetworkConfig } from './cni-config.ts';
import { addNetworks } from './meta-plugin.ts';
import { PLUGIN_FOLDER, requirePlugin } from './plugins.ts';
import { type Cached, forgetResult, savedResults } from './results.ts';
import { runtimeConfig } from './runtime-config.ts';

const LOOPBACK: NetworkConfig = {
  name: 'cni-loopback',
  cniVersion: '0.3.1',
  plugins: [{ type: 'loopback' }],
  isList: true,
};

/** Nodes must have been prepared (`prepareNodes`). Configurations are read anew for each pod, as a runtime watches them. */
export function podNetworks(store: Store): PodNetworks {
  /** By sandbox: `detach` waits for an `attach` that is still under way. */
  const underWay = new Map<string, Promise<unknown>>();
  return {
    async attach(pod, node, sandbox) {
      const task = setUp(store, pod, node, sandbox);
      underWay.set(sandbox.id, task);
      try {
        return await task;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(
          `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${sandbox.id}": ${why}`,
        );
      } finally {
        underWay.delete(sandbox.id);
      }
    },
    async detach(_pod, node, sandbox) {
      await underWay.get(sandbox.id)?.catch(() => undefined);
      const attached = await savedResults(node, sandbox.id);
      // lo goes with the namespace.
      const undo = (one: Cached) =>
        one.attachment.config.name === LOOPBACK.name
          ? forgetResult(one.attachment).catch(() => undefined)
          : deleteAttachment(one.attachment, one.result);
      await Promise.all(attached.map(undo));
    },
  };
}

async function setUp(store: Store, pod: KubeObject, node: Node, sandbox: Sandbox): Promise<Networks> {
  const netns = `/proc/${sandbox.nodePid}/ns/net`;
  const found = await runtimeConfig(node);
  if (found === undefined) throw new Error('cni plugin not initialized');
  const [loopback, networks] = await Promise.allSettled([
    addAttachment({ ...plain(pod, node, sandbox, netns), config: LOOPBACK, ifname: 'lo' }),
    found.meta === undefined
      ? addPlain({ ...plain(pod, node, sandbox, netns), config: found.config })
      : addMeta(store, { pod, node, sandbox, netns, conf: found.meta }),
  ]);
  if (networks.status === 'rejected') throw networks.reason;
  if (loopback.status === 'rejected') throw loopback.reason;
  return networks.value;
}

function plain(pod: KubeObject, node: Node, sandbox: Sandbox, netns: string): Omit<Attachment, 'config'> {
  return {
    node,
    netns,
    ifname: 'eth0',
    containerId: sandbox.id,
    args: [['IgnoreUnknown', '1'], ...podArguments(pod, sandbox)],
    capabilities: {},
    folders: [PLUGIN_FOLDER],
  };
}

async function addPlain(attachment: Attachment): Promise<Networks> {
  try {
    const result = await addAttachment(attachment);
    return { addresses: addressesOf(result).map((ip) => ip.replace(/\/.*/, '')) };
  } catch (error) {
    await deleteAttachment(attachment);
    throw error;
  }
}

async function addMeta(store: Store, request: Parameters<typeof addNetworks>[1]): Promise<Networks> {
  const { node, conf } = request;
  try {
    await requirePlugin(node, 'multus', [PLUGIN_FOLDER]);
    return await addNetworks(store, request);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`plugin type="multus" name="${conf.name}" failed (add): ${why}`);
  }
}
