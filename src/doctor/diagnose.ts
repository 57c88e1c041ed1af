/** From a snapshot to diagnoses: the same for live facts and saved ones. */

import type { Snapshot, TargetFacts } from '../facts/snapshot.ts';
import { familyOf } from '../model/address.ts';
import { isKnown, reasonOf, valueIn } from '../model/fact.ts';
import { formatGroup, type Group, isHousekeeping, isMulticast, parseGroup } from '../model/group.ts';
import { NETWORKS_ANNOTATION } from '../model/nad.ts';
import { buildPlan } from '../plan/build.ts';
import { buildCase, type Case, unique } from './case.ts';
import type { Diagnosis, Finding, Verdict } from './diagnosis.ts';
import { type Examined, examine } from './engine.ts';
import { assess } from './health.ts';
import type { Rule } from './rule.ts';
import { standInGroup } from './stand-in.ts';

/** One diagnosis for each target and group, worst first. */
export function diagnose(snapshot: Snapshot, rules: readonly Rule[]): Diagnosis[] {
  const idle = snapshot.targets.filter((target) => casesOf(snapshot, target).length === 0);
  const looked = snapshot.targets
    .flatMap((target) => casesOf(snapshot, target))
    .filter((c) => !isBystander(c))
    .map((c): Looked => ({ c, examined: examine(c, rules) }))
    .filter(
      ({ c, examined }, _, all) => c.target.kind !== 'manifests' || all.length === 1 || examined.findings.length > 0,
    );
  const broken = looked.filter(({ examined }) => errorsOf(examined).length > 0).map(({ c }) => c);
  const spoken = idle.filter((target) => !isUninvolved(snapshot, target)).map((t) => nothingToAsk(snapshot, t));
  const all = [...looked.map((one) => diagnoseOne(snapshot, one, broken)), ...spoken];
  const result = all.length > 0 ? all : snapshot.targets.slice(0, 1).map((target) => nothingToAsk(snapshot, target));
  return result.sort((a, b) => badness(a) - badness(b));
}

/** A case for each group; of what is only written down, where nobody named one, a single case of a group that stands for any. */
function casesOf(snapshot: Snapshot, target: TargetFacts): Case[] {
  const groups = groupsFor(snapshot, target);
  if (snapshot.manifests === undefined || groups.length > 0)
    return groups.map((group) => buildCase(snapshot, target, group));
  return [buildCase(snapshot, target, standInGroup(snapshot, target), true)];
}

interface Looked {
  readonly c: Case;
  readonly examined: Examined;
}

function errorsOf(examined: Examined): Examined['findings'] {
  return examined.findings.filter((f) => f.severity === 'error');
}

/** Of a namespace asked about as a whole, pods that have nothing to do with the group are not spoken of. */
function isBystander(c: Case): boolean {
  return (
    c.snapshot.question.targets.length === 0 && c.role === 'none' && c.attachments.length === 0 && c.pod !== undefined
  );
}

/** The same for pods that are members of nothing at all. */
function isUninvolved(snapshot: Snapshot, target: TargetFacts): boolean {
  const pod = valueIn(target.pod);
  return (
    snapshot.question.targets.length === 0 && pod !== undefined && pod.annotations[NETWORKS_ANNOTATION] === undefined
  );
}

/** The groups asked about, else those that the target is a member of or sends to. */
export function groupsFor(snapshot: Snapshot, target: TargetFacts): Group[] {
  const asked = snapshot.question.groups.map(parseGroup).filter((g) => typeof g !== 'string');
  if (asked.length > 0) return asked;
  const observation = valueIn(target.observation);
  if (observation === undefined) return [];
  const members = (valueIn(observation.netns.memberships) ?? [])
    .filter((m) => m.interface !== 'lo')
    .map((m) => m.group);
  const own = new Set((valueIn(observation.netns.addresses) ?? []).map((a) => a.address));
  const sent = (valueIn(observation.look)?.flows ?? [])
    .filter((f) => f.direction === 'out' && f.protocol === 17 && own.has(f.source))
    .map((f) => f.destination);
  const bound = (valueIn(observation.netns.sockets) ?? []).map((s) => s.localAddress);
  return unique([...members, ...sent, ...bound])
    .filter((address) => isMulticast(address) && !isHousekeeping(address))
    .map((address) => ({ family: familyOf(address), address }));
}

function diagnoseOne(snapshot: Snapshot, { c, examined }: Looked, broken: readonly Case[]): Diagnosis {
  const errors = errorsOf(examined);
  const { verdict, summary } = judge(c, examined, errors);
  const warnings = examined.findings.filter((f) => f.severity === 'warning');
  const wanted = { errors: errors.flatMap((f) => f.fixes), warnings: warnings.flatMap((f) => f.fixes) };
  const { plan, alternatives } = buildPlan(c, wanted, broken);
  return {
    ...head(snapshot, c.target, c.role),
    group: c.standIn ? null : formatGroup(c.group),
    verdict,
    summary,
    rootCause: errors[0]?.rule ?? null,
    findings: examined.findings.map(({ fixes: _, ...finding }) => finding),
    plan: verdict === 'healthy' ? { ...plan, steps: [] } : plan,
    alternatives,
    checks: examined.checks,
    vantages: snapshot.vantages,
  };
}

function judge(c: Case, examined: Examined, errors: readonly Finding[]): { verdict: Verdict; summary: string } {
  const cause = errors[0];
  if (cause !== undefined) return { verdict: 'broken', summary: cause.title };
  const health = assess(c, examined.checks);
  return health.healthy
    ? { verdict: 'healthy', summary: health.because }
    : { verdict: 'unknown', summary: health.because };
}

function nothingToAsk(snapshot: Snapshot, target: TargetFacts): Diagnosis {
  const why = isKnown(target.observation)
    ? (reasonOf(target.observation.value.netns.memberships) ??
      'it is a member of no group and sends to none: name one with --group')
    : target.observation.unknown;
  return {
    ...head(snapshot, target, 'none'),
    group: null,
    verdict: 'unknown',
    summary: `nothing to diagnose in ${target.name}: ${why}`,
    rootCause: null,
    findings: [],
    plan: { steps: [], affects: [], undo: [], retest: '' },
    alternatives: [],
    checks: [],
    vantages: snapshot.vantages,
  };
}

function head(
  snapshot: Snapshot,
  target: TargetFacts,
  role: string,
): Pick<Diagnosis, 'schemaVersion' | 'kind' | 'kmcastVersion' | 'time' | 'target'> {
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Diagnosis',
    kmcastVersion: snapshot.kmcastVersion,
    time: snapshot.time,
    target: {
      name: target.name,
      namespace: target.namespace ?? null,
      node: target.node ?? null,
      ...(target.file === undefined ? {} : { file: target.file }),
      role,
    },
  };
}

function badness(d: Diagnosis): number {
  return d.verdict === 'broken' ? 0 : d.verdict === 'unknown' ? 1 : 2;
}
