/**
 * An ephemeral container in the pod as a vantage. It is the last resort, since Kubernetes never removes its entry from the
 * pod. Its main process waits on stdin, which kmcast holds by an attach: when kmcast ends in whatever way, so does it.
 */
import { randomBytes } from 'node:crypto';
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import { awaitContainer } from './await-container.ts';
import { startInContainer } from './exec.ts';
import { PodFollower } from './follow-pod.ts';
import { DEFAULT_IMAGE, trialCommand } from './image.ts';
import { podPath } from './pod.ts';
import { runAgent } from './run-agent.ts';
import { runCapture } from './run-capture.ts';
import type { Vantage } from './vantage.ts';

export interface EphemeralOptions {
  readonly namespace: string;
  readonly pod: string;
  /** `--image`; the documented default unless given. */
  readonly image?: string;
  /** Seconds until the container ends by itself; 180 unless given. */
  readonly seconds?: number;
  readonly announce: (text: string) => void;
  readonly signal?: AbortSignal;
}

const SECONDS = 180;
const START_TIME = 120_000;

/** May look and join; refused where Pod Security `baseline` or `restricted` is enforced. */
const ABLE = {
  runAsUser: 0,
  runAsNonRoot: false,
  allowPrivilegeEscalation: true,
  capabilities: { add: ['NET_ADMIN', 'NET_RAW'] },
};
/** What Pod Security `restricted` lets in: it may read and join, and not look. */
const RESTRICTED = {
  runAsUser: 65534,
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Adds an ephemeral container and waits until it can be used. Rejects with ClusterError or NoneStarted. */
export async function openEphemeral(cluster: Cluster, options: EphemeralOptions): Promise<Vantage> {
  const { namespace, pod, announce, signal } = options;
  const image = options.image ?? DEFAULT_IMAGE;
  const container = `kmcast-${randomBytes(4).toString('hex')}`;
  const seconds = options.seconds ?? SECONDS;
  announce(
    `adding ephemeral container ${container} (image ${image}) to pod ${namespace}/${pod}: it ends after use, but Kubernetes keeps its entry in the pod`,
  );
  const able = await addContainer(cluster, options, { name: container, image, command: holder(seconds) });
  const follower = new PodFollower(cluster, namespace, { fieldSelector: `metadata.name=${pod}` }, seconds * 1000);
  const lifeline = new AbortController();
  try {
    await awaitContainer(cluster, {
      follower,
      awaited: [{ container, image, trial: trialCommand('sh') }],
      statuses: (current) => current.status?.ephemeralContainerStatuses ?? [],
      until: Date.now() + START_TIME,
      ...(signal ? { signal } : {}),
    });
  } finally {
    follower.stop();
  }
  const place = { namespace, pod, container };
  const held = cluster.exec({
    ...place,
    command: [],
    attach: true,
    stdin: new Uint8Array(0),
    onStdout: () => {},
    signal: lifeline.signal,
    deadline: seconds * 1000,
  });
  return {
    kind: 'ephemeral',
    description: `ephemeral container ${container} in pod ${namespace}/${pod}${able ? '' : ' (without the right to look)'}, whose entry stays`,
    run: (job, onMessage, runSignal, control) =>
      runAgent(startInContainer(cluster, place), job, 'container', onMessage, runSignal, control),
    capture: (job, taker, runSignal) =>
      runCapture(startInContainer(cluster, place), job, 'container', taker, runSignal),
    close: async () => {
      lifeline.abort();
      await held;
    },
  };
}

/** Adds the container with the rights to look if they are allowed, else without; returns which. */
async function addContainer(
  cluster: Cluster,
  { namespace, pod }: EphemeralOptions,
  container: { readonly name: string; readonly image: string; readonly command: readonly string[] },
): Promise<boolean> {
  const patch = (securityContext: object): Promise<unknown> =>
    cluster.patch(`${podPath(namespace, pod)}/ephemeralcontainers`, {
      spec: {
        ephemeralContainers: [
          { ...container, imagePullPolicy: 'IfNotPresent', stdin: true, stdinOnce: true, securityContext },
        ],
      },
    });
  try {
    await patch(ABLE);
    return true;
  } catch (error) {
    // Only Pod Security speaks of itself; a missing permission is the same for both.
    if (!(error instanceof ClusterError) || !/PodSecurity|security context/i.test(error.message)) throw error;
    await patch(RESTRICTED);
    return false;
  }
}

/** Ends when stdin closes, or after so many seconds where nobody ever attached. */
function holder(seconds: number): string[] {
  return ['sh', '-c', `exec 3<&0; sleep ${seconds} & n=$!; { cat <&3 >/dev/null; kill $n; } & wait $n`];
}
