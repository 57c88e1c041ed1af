/** One interface of a pod: a chain of plugins carried out (ADD) and undone (DEL), as libcni does it (libcni/api.go). */
import type { Json } from '../../model/nad.ts';
import type { KubeObject } from '../object.ts';
import type { Sandbox } from '../pod-networks.ts';
import type { CniResult, NetworkConfig } from './cni-config.ts';
import { flannelDelegate } from './flannel.ts';
import { type Invocation, invokePlugin } from './invoke.ts';
import { requirePlugin } from './plugins.ts';
import { forgetResult, saveResult } from './results.ts';

export interface Attachment extends Omit<Invocation, 'command'> {
  readonly config: NetworkConfig;
  /** What the plugins that declare the capability get as runtimeConfig. */
  readonly capabilities: Json;
  /** The search path, as errors name it. */
  readonly folders: readonly string[];
}

/** What the kubelet's runtime tells plugins of the pod (CNI_ARGS). */
export function podArguments({ metadata }: KubeObject, sandbox: Sandbox): Invocation['args'] {
  return [
    ['K8S_POD_NAMESPACE', metadata.namespace ?? ''],
    ['K8S_POD_NAME', metadata.name],
    ['K8S_POD_INFRA_CONTAINER_ID', sandbox.id],
    ['K8S_POD_UID', metadata.uid],
  ];
}

/** Throws in libcni's words; what the chain did until then stays until `deleteAttachment`. */
export async function addAttachment(attachment: Attachment): Promise<CniResult> {
  validate(attachment);
  let result: CniResult | undefined;
  for (const plugin of attachment.config.plugins) {
    try {
      result = await invoke(attachment, 'ADD', plugin, result);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(attachment.config.isList ? `plugin ${described(plugin)} failed (add): ${why}` : why);
    }
  }
  await saveResult(attachment, result ?? {});
  return result ?? {};
}

/** Undoes the chain from its end, going on where a plugin fails; never throws. */
export async function deleteAttachment(attachment: Attachment, result?: CniResult): Promise<void> {
  // DEL is told the result from version 0.4.0 on.
  const known = /^(0\.[0-3]\.|$)/.test(attachment.config.cniVersion) ? undefined : result;
  for (const plugin of attachment.config.plugins.toReversed()) {
    await invoke(attachment, 'DEL', plugin, known).catch(() => undefined);
  }
  await forgetResult(attachment).catch(() => undefined);
}

/** CNI spec 1.0 §3: what the runtime adds to the configuration of each plugin. */
async function invoke(
  attachment: Attachment,
  command: 'ADD' | 'DEL',
  plugin: Json,
  prevResult: CniResult | undefined,
): Promise<CniResult> {
  const { config, capabilities } = attachment;
  const declared = Object.entries(plugin.capabilities ?? {}).filter(
    ([name, supported]) => supported === true && capabilities[name] !== undefined,
  );
  const complete: Json = {
    ...plugin,
    name: config.name,
    cniVersion: config.cniVersion,
    ...(prevResult === undefined ? {} : { prevResult }),
    ...(declared.length === 0
      ? {}
      : { runtimeConfig: Object.fromEntries(declared.map(([name]) => [name, capabilities[name]])) }),
  };
  const { node, folders } = attachment;
  await requirePlugin(node, plugin.type, folders);
  const effective = plugin.type === 'flannel' ? await flannelDelegate(node, complete) : complete;
  return invokePlugin({ ...attachment, command }, effective);
}

/** libcni, pkg/utils/utils.go. */
function validate({ config, ifname }: Attachment): void {
  if (config.name === '') throw new Error('missing network name:');
  if (!/^[a-zA-Z0-9][\w.-]*$/.test(config.name)) {
    throw new Error(`invalid characters found in network name; ${config.name}`);
  }
  if (ifname.length > 15)
    throw new Error('interface name is too long; interface name should be less than 16 characters');
  if (/[/:\s]/.test(ifname)) throw new Error('interface name contains / or : or whitespace characters');
}

function described(plugin: Json): string {
  return `type="${plugin.type}"${typeof plugin.name === 'string' && plugin.name !== '' ? ` name="${plugin.name}"` : ''}`;
}
