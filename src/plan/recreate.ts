/** How to create a pod anew, so that its networks are attached again: with kubectl alone, and without a value of its environment on screen. */

import type { OwnerFacts, PodFacts } from '../facts/snapshot.ts';
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../model/nad.ts';
import type { Step } from './plan.ts';
import { kubectl, quote } from './shell.ts';

/** Owners whose pods follow a change of the template. */
const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The step; `networks` is the annotation that the new pod must have, when it changes. */
export function recreateStep(pod: PodFacts, networks: string | undefined): Step {
  const owner = pod.owners.at(-1);
  if (owner === undefined) return barePod(pod, networks);
  if (ROLLED_OUT.includes(owner.kind)) return rollOut(pod, owner, networks);
  if (owner.kind === 'Node') {
    return {
      on: `node/${pod.node ?? owner.name}`,
      title: `Edit the static pod’s file on the node${networks === undefined ? '' : `: annotation ${NETWORKS_ANNOTATION}: ${networks}`}, so that the kubelet creates it anew`,
    };
  }
  if (owner.kind === 'ReplicaSet' || owner.kind === 'ReplicationController') return replicaSet(pod, owner, networks);
  const set =
    networks === undefined ? '' : ` with the annotation ${NETWORKS_ANNOTATION}: ${networks} in its pod template`;
  return {
    on: 'cluster',
    title: `Create the pods of ${owner.kind} ${owner.name} anew${set}`,
    run: networks === undefined ? kubectl(pod.namespace, 'delete', 'pod', pod.name) : undefined,
  } as Step;
}

function barePod(pod: PodFacts, networks: string | undefined): Step {
  const changes = [
    ...(networks === undefined ? [] : [quote(`${NETWORKS_ANNOTATION}=${networks}`)]),
    `${STATUS_ANNOTATION}-`,
  ].join(' ');
  return {
    on: 'cluster',
    title: `Create pod ${pod.name} anew${networks === undefined ? '' : ' with its networks'} (nobody else would: it has no owner)`,
    run: [
      'f=$(mktemp)',
      `${kubectl(pod.namespace, 'get', 'pod', pod.name, '-o', 'yaml')} > "$f"`,
      `kubectl annotate --local --overwrite -f "$f" ${changes} -o yaml | kubectl replace --force -f -`,
      kubectl(pod.namespace, 'wait', '--for=condition=Ready', `pod/${pod.name}`, '--timeout=120s'),
      'rm "$f"',
    ].join('\n'),
  };
}

function rollOut(pod: PodFacts, owner: OwnerFacts, networks: string | undefined): Step {
  const resource = `${owner.kind.toLowerCase()}/${owner.name}`;
  const patch = JSON.stringify({
    spec: { template: { metadata: { annotations: { [NETWORKS_ANNOTATION]: networks } } } },
  });
  const changed = networks !== undefined && networks !== owner.networks;
  return {
    on: 'cluster',
    title: changed
      ? `Put the annotation into the template of ${resource} and roll it out`
      : `Roll ${resource} out anew`,
    run: [
      ...(changed
        ? [kubectl(pod.namespace, 'patch', owner.kind.toLowerCase(), owner.name, '--type', 'merge', '-p', patch)]
        : []),
      kubectl(pod.namespace, 'rollout', 'restart', resource),
      kubectl(pod.namespace, 'rollout', 'status', resource, '--timeout=180s'),
    ].join('\n'),
  };
}

function replicaSet(pod: PodFacts, owner: OwnerFacts, networks: string | undefined): Step {
  const patch = JSON.stringify({
    spec: { template: { metadata: { annotations: { [NETWORKS_ANNOTATION]: networks } } } },
  });
  return {
    on: 'cluster',
    title: `Let ${owner.kind} ${owner.name} create pod ${pod.name} anew`,
    run: [
      ...(networks === undefined
        ? []
        : [kubectl(pod.namespace, 'patch', owner.kind.toLowerCase(), owner.name, '--type', 'merge', '-p', patch)]),
      kubectl(pod.namespace, 'delete', 'pod', pod.name),
    ].join('\n'),
  };
}
