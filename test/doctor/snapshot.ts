/** Snapshots for tests of rules: a healthy receiver (draft.ts), what a test changes of it, and what the engine makes of one rule. */
import { buildCase, type Case } from '../../src/doctor/case.ts';
import { examine } from '../../src/doctor/engine.ts';
import type { Rule } from '../../src/doctor/rule.ts';
import type { ClusterFacts, Observation, Snapshot } from '../../src/facts/snapshot.ts';
import { type Fact, known, unknown } from '../../src/model/fact.ts';
import { parseGroup } from '../../src/model/group.ts';
import type { Counters } from '../../src/model/netns.ts';
import type { Flow } from '../../src/model/wire.ts';
import { healthyDraft, type Patch, type Place } from './draft.ts';

export { type Draft, neverStarted, type Patch, type Place } from './draft.ts';
export { address, flow, link, nadConfig, route } from './pieces.ts';

/** The snapshot of a healthy receiver, changed. */
export function snapshot(patch: Patch = () => {}): Snapshot {
  const draft = healthyDraft();
  patch(draft);
  const { missing, pod, cluster } = draft;
  const fact = <T>(name: string, value: T): Fact<T> => {
    const reason = missing[name];
    return reason === undefined ? known(value) : unknown(reason);
  };
  const facts = <T extends object>(values: T, before = ''): { [K in keyof T]: Fact<T[K]> } =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fact(before + key, value)])) as {
      [K in keyof T]: Fact<T[K]>;
    };
  const observed = (seen: Place, before: string): Observation => ({
    netns: facts(seen.netns, before) as Observation['netns'],
    movement: fact(`${before}movement`, {
      counters: known(seen.moved as Counters),
      sockets: known(seen.movedSockets),
      links: known(seen.movedLinks),
      firewall: known(seen.movedFirewall),
    }),
    look: fact(`${before}look`, look(seen, seen.flows, [])),
    joinLook:
      seen.joinFlows === undefined
        ? unknown('no join was made')
        : known(look(seen, seen.joinFlows, [{ group: groupAddress(draft.group), interface: 'eth1' }])),
    refusedJoins: [],
  });
  const onNode = fact('node', observed(draft.node, 'node.'));
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Snapshot',
    kmcastVersion: '0.0.0',
    time: '2026-01-01T00:02:00Z',
    question: {
      targets: [draft.targetIsNode ? 'node/node1' : 'pod/rx'],
      namespace: 'video',
      groups: [draft.group],
      ...(draft.source === undefined ? {} : { source: draft.source }),
    },
    cluster: { context: 'test', ...(facts(cluster) as Omit<ClusterFacts, 'context'>) },
    targets: [
      draft.targetIsNode
        ? {
            name: 'node/node1',
            kind: 'node',
            node: 'node1',
            pod: unknown('the target is no pod'),
            observation: fact('observation', observed(draft.rx, '')),
          }
        : {
            name: 'pod/rx',
            kind: 'pod',
            namespace: 'video',
            ...(pod.node === undefined ? {} : { node: pod.node }),
            pod: fact('pod', { ...pod, events: fact('events', pod.events) }),
            observation: fact('observation', observed(draft.rx, '')),
          },
    ],
    nodes: [
      {
        name: 'node1',
        observation: onNode,
        cni: fact('cni', draft.cni),
        takenAddresses: unknown('no address had to be found'),
        vendor: fact('vendor', draft.vendor),
      },
    ],
    vantages: [],
  };
}

function look(seen: Place, flows: Flow[], joined: { group: string; interface: string }[]) {
  const interfaces = seen.netns.links.map((l) => l.name);
  return { duration: seen.duration, interfaces, joined, flows, messages: seen.messages, lost: 0 };
}

function groupAddress(text: string): string {
  const group = parseGroup(text);
  return typeof group === 'string' ? text : group.address;
}

/** The case of the changed snapshot. */
export function caseOf(patch?: Patch): Case {
  const made = snapshot(patch);
  const group = parseGroup(made.question.groups[0]!);
  if (typeof group === 'string') throw new Error(group);
  return buildCase(made, made.targets[0]!, group);
}

/** What the engine makes of one rule on the changed snapshot: `pass`, `fail`, `unknown` or `skipped`, and what was found. */
export function ask(rule: Rule, patch?: Patch) {
  const { checks, findings } = examine(caseOf(patch), [rule]);
  const check = checks[0]!;
  return { outcome: check.outcome, reason: check.reason, findings, finding: findings[0] };
}
