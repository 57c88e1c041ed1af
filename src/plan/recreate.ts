/** How to create a pod anew, so that its networks are attached again: with kubectl alone, and without a value of its environment on screen. */

import type { OwnerFacts, PodFacts } from '../facts/snapshot.ts';
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../model/nad.ts';
import type { Step } from './plan.ts';
import { kubectl, quote } from './shell.ts';

/** Owners whose pods follow a change of the template. */
const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];
/** Owners that make a missing pod again, and leave running ones alone. */
const REPLICATED = ['ReplicaSet', 'ReplicationController'];

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
  if (REPLICATED.includes(owner.kind)) return replicaSet(pod, owner, networks);
  const set =
    networks === undefined ? '' : ` with the annotation ${NETWORKS_ANNOTATION}: ${networks} in its pod template`;
  return {
    on: 'cluster',
    title: `Create the pods of ${owner.kind} ${owner.name} anew${set}`,
    ...(networks === undefined ? { run: kubectl(pod.namespace, 'delete', 'pod', pod.name) } : {}),
  };
}

/** What gives the pod its former annotation back; nothing where the step did not change it. */
export function undoRecreate(pod: PodFacts, networks: string | undefined): string[] {
  const owner = pod.owners.at(-1);
  const before = pod.annotations[NETWORKS_ANNOTATION];
  if (networks === undefined) return [];
  if (owner === undefined)
    return networks === before ? [] : [bareRun(pod, [annotation(before), `${STATUS_ANNOTATION}-`])];
  if (networks === owner.networks) return [];
  if (ROLLED_OUT.includes(owner.kind)) return [patchTemplate(pod, owner, owner.networks ?? null)];
  return REPLICATED.includes(owner.kind)
    ? [`${patchTemplate(pod, owner, owner.networks ?? null)}\n${kubectl(pod.namespace, 'delete', 'pod', pod.name)}`]
    : [];
}

function barePod(pod: PodFacts, networks: string | undefined): Step {
  const changes = [...(networks === undefined ? [] : [annotation(networks)]), `${STATUS_ANNOTATION}-`];
  return {
    on: 'cluster',
    title: `Create pod ${pod.name} anew${networks === undefined ? '' : ' with its networks'} (nobody else would: it has no owner)`,
    run: bareRun(pod, changes),
  };
}

function bareRun(pod: PodFacts, changes: readonly string[]): string {
  return [
    'f=$(mktemp)',
    `${kubectl(pod.namespace, 'get', 'pod', pod.name, '-o', 'yaml')} > "$f"`,
    `kubectl annotate --local --overwrite -f "$f" ${changes.map(quote).join(' ')} -o yaml | kubectl replace --force -f -`,
    kubectl(pod.namespace, 'wait', '--for=condition=Ready', `pod/${pod.name}`, '--timeout=120s'),
    'rm "$f"',
  ].join('\n');
}

/** As `kubectl annotate` takes it: `KEY=VALUE`, or `KEY-` to remove it. */
function annotation(networks: string | undefined): string {
  return networks === undefined ? `${NETWORKS_ANNOTATION}-` : `${NETWORKS_ANNOTATION}=${networks}`;
}

/** A changed template is rolled out by itself. */
function rollOut(pod: PodFacts, owner: OwnerFacts, networks: string | undefined): Step {
  const resource = `${owner.kind.toLowerCase()}/${owner.name}`;
  const changed = networks !== undefined && networks !== owner.networks;
  return {
    on: 'cluster',
    title: changed
      ? `Put the annotation into the template of ${resource}, which rolls it out`
      : `Roll ${resource} out anew`,
    run: [
      changed ? patchTemplate(pod, owner, networks) : kubectl(pod.namespace, 'rollout', 'restart', resource),
      kubectl(pod.namespace, 'rollout', 'status', resource, '--timeout=180s'),
    ].join('\n'),
  };
}

function replicaSet(pod: PodFacts, owner: OwnerFacts, networks: string | undefined): Step {
  return {
    on: 'cluster',
    title: `Let ${owner.kind} ${owner.name} create pod ${pod.name} anew`,
    run: [
      ...(networks === undefined ? [] : [patchTemplate(pod, owner, networks)]),
      kubectl(pod.namespace, 'delete', 'pod', pod.name),
    ].join('\n'),
  };
}

/** `null` removes the annotation. */
function patchTemplate(pod: PodFacts, owner: OwnerFacts, networks: string | null): string {
  const patch = { spec: { template: { metadata: { annotations: { [NETWORKS_ANNOTATION]: networks } } } } };
  const what = [owner.kind.toLowerCase(), owner.name, '--type', 'merge', '-p', JSON.stringify(patch)];
  return kubectl(pod.namespace, 'patch', ...what);
}
