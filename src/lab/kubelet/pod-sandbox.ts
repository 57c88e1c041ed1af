/** From a pod to a sandbox with its networks and volumes; tried again until it comes about. */
import type { KubeObject } from '../object.ts';
import type { KubeletContext, PodContext } from './context.ts';
import { removeTask, writeTask } from './runtime-state.ts';
import { type PodSandbox, startSandbox, writeSysctls } from './sandbox.ts';
import type { PodSpec } from './types.ts';
import { makeVolumes } from './volumes.ts';
import { wait } from './wait.ts';

/** Milliseconds between attempts: a manifest that is mended meanwhile heals. */
const RETRY = [1000, 2000];

export interface ReadyPod extends PodContext {
  /** The annotation network-status. */
  readonly networkStatus?: string;
  /** Gives the addresses back and ends the namespaces. */
  release(): Promise<void>;
}

/** Undefined when the signal came first. What goes wrong becomes an event. */
export async function readySandbox(
  kubelet: KubeletContext,
  pod: () => KubeObject,
  signal: AbortSignal,
): Promise<ReadyPod | undefined> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const made = await kubelet.limit(() => make(kubelet, pod)).catch((error: unknown) => error);
    if (!(made instanceof Error)) return made as ReadyPod;
    const reason = made.message.startsWith('MountVolume') ? 'FailedMount' : 'FailedCreatePodSandBox';
    if (!signal.aborted) kubelet.event(pod(), 'Warning', reason, made.message);
    await wait(RETRY[Math.min(attempt, RETRY.length - 1)] ?? 0, signal);
  }
  return undefined;
}

async function make(kubelet: KubeletContext, current: () => KubeObject): Promise<ReadyPod> {
  const { store, node, manyUsers } = kubelet;
  const pod = current();
  const spec: PodSpec = pod.spec;
  const hostname = spec.hostNetwork ? node.name : (spec.hostname ?? pod.metadata.name).slice(0, 63);
  const volumesFor = (addresses: readonly string[]) =>
    makeVolumes(pod, { store, node, manyUsers, late: { hostIP: node.lan, podIPs: addresses } });
  let volumes = await volumesFor([]);
  const sandbox = await startSandbox(pod, node, hostname).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Failed to create pod sandbox: ${why}`);
  });
  const release = () => releaseSandbox(kubelet, pod, sandbox);
  try {
    const networks = spec.hostNetwork ? { addresses: [node.lan] } : await kubelet.networks.attach(pod, node, sandbox);
    await writeSysctls(pod, sandbox).catch((error: Error) => {
      throw new Error(
        `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to write sysctl: ${error.message}`,
      );
    });
    // The addresses are known only now.
    if (spec.volumes?.some(({ downwardAPI, projected }) => downwardAPI || projected))
      volumes = await volumesFor(networks.addresses);
    await writeTask(node, pod, {
      id: sandbox.id,
      sandboxId: sandbox.id,
      nodePid: sandbox.nodePid,
      sandboxNodePid: sandbox.nodePid,
    });
    const { addresses } = networks;
    const status = 'status' in networks ? networks.status : undefined;
    return {
      kubelet,
      sandbox,
      hostname,
      addresses,
      volumes,
      pod: current,
      release,
      ...(status !== undefined && { networkStatus: status }),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function releaseSandbox({ networks, node }: KubeletContext, pod: KubeObject, sandbox: PodSandbox): Promise<void> {
  if (!pod.spec.hostNetwork) await networks.detach(pod, node, sandbox);
  sandbox.end();
  await sandbox.ended;
  await removeTask(node, sandbox.id);
}
