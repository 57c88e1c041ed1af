/** Turns the intents of a diagnosis' findings into one plan: each object once, in the order in which it heals. */

import type { Case } from '../doctor/case.ts';
import type { Fix } from '../doctor/fix.ts';
import { formatGroup } from '../model/group.ts';
import { isObject, NETWORKS_ANNOTATION, parseNetworks } from '../model/nad.ts';
import { affected } from './affects.ts';
import { newAttachment } from './attach.ts';
import { mendedAttachments } from './mended.ts';
import { nadManifest } from './nad-manifest.ts';
import type { Alternative, Plan, Step } from './plan.ts';
import { recreateStep, undoRecreate } from './recreate.ts';
import { quote } from './shell.ts';
import { unreadAttachments } from './unread.ts';
import { routeWants } from './wants.ts';

/** The fixes of the errors, and those of the warnings, which join in only where the plan touches their objects anyway. */
export interface Wanted {
  readonly errors: readonly Fix[];
  readonly warnings: readonly Fix[];
}

/** @param peers the other cases that need a fix: see `routeWants`. */
export function buildPlan(
  c: Case,
  wanted: Wanted,
  peers: readonly Case[] = [],
): { plan: Plan; alternatives: Alternative[] } {
  const { errors } = wanted;
  const wants = routeWants(c, peers);
  const added = errors.flatMap((fix) => (fix.kind === 'attach-new' ? [fix] : []))[0];
  const fresh = added?.parent === undefined ? undefined : newAttachment(c, added.parent, wants, added.as);
  const recreates = errors.some((fix) => fix.kind === 'recreate');
  const mended = mendedAttachments(c, wanted, wants, recreates);
  const networks = annotationAfter(c, errors, added?.as === undefined ? fresh : undefined);
  // What is only written down gets its networks when it is made.
  const made = c.pod?.planned === undefined ? c.pod : undefined;
  const renewed = recreates && !(added !== undefined && fresh === undefined) ? made : undefined;
  const steps: Step[] = [
    ...mended.map((nad) => ({ on: 'cluster' as const, title: nad.title, manifest: nadManifest(nad) })),
    ...unreadAttachments(c, errors, wants),
    ...(fresh === undefined
      ? []
      : [
          {
            on: 'cluster' as const,
            title: `Create attachment ${fresh.namespace}/${fresh.name} (${fresh.note})`,
            manifest: nadManifest(fresh),
          },
        ]),
    ...(added !== undefined && fresh === undefined ? [adviceToAttach(c)] : []),
    ...errors.flatMap(asStep),
    ...(renewed === undefined ? [] : [recreateStep(renewed, networks)]),
  ];
  // Backwards: what is used stands again before the pod is made, and goes when no pod uses it any more.
  const created = [...mended.filter((nad) => nad.before === undefined), ...(fresh === undefined ? [] : [fresh])];
  const undo = [
    ...mended.flatMap((nad) => (nad.before === undefined ? [] : [`kubectl apply -f - <<'EOF'\n${nad.before}EOF`])),
    ...errors.flatMap((fix) => ('undo' in fix && fix.undo !== undefined ? [fix.undo] : [])).reverse(),
    ...(renewed === undefined ? [] : undoRecreate(renewed, networks)),
    ...created.map((nad) => `kubectl -n ${quote(nad.namespace)} delete net-attach-def ${quote(nad.name)}`),
  ];
  const plan: Plan = {
    steps: distinct(steps),
    affects: affected(c, mended, errors),
    undo: made === undefined && c.pod !== undefined ? [] : [...new Set(undo)],
    retest: retest(c),
  };
  return { plan, alternatives: alternatives(errors) };
}

function annotationAfter(
  c: Case,
  fixes: readonly Fix[],
  fresh: { readonly name: string } | undefined,
): string | undefined {
  const explicit = fixes.find((fix) => fix.kind === 'annotate');
  if (explicit?.kind === 'annotate') return explicit.networks;
  const current = c.pod?.annotations[NETWORKS_ANNOTATION]?.trim() ?? '';
  if (fresh !== undefined) {
    if (!current.startsWith('[')) return current === '' ? fresh.name : `${current},${fresh.name}`;
    // A list that cannot be read attaches nothing, and is replaced.
    const list = typeof parseNetworks(current, '') === 'string' ? [] : (JSON.parse(current) as unknown[]);
    return JSON.stringify([...list.filter(isObject), { name: fresh.name }]);
  }
  // A pod annotated by hand is created anew by its owner without the annotation, unless the template gets it.
  const owner = c.pod?.owners.at(-1);
  return owner !== undefined && current !== '' && owner.networks !== current ? current : undefined;
}

function asStep(fix: Fix): Step[] {
  if (fix.kind === 'node') return [{ on: `node/${fix.node}`, title: fix.title, run: fix.run }];
  if (fix.kind === 'cluster') return [{ on: 'cluster', title: fix.title, run: fix.run }];
  return fix.kind === 'advice' ? [{ on: fix.on, title: fix.title }] : [];
}

function adviceToAttach(c: Case): Step {
  return {
    on: 'cluster',
    title: `Create a NetworkAttachmentDefinition on the NIC that carries ${c.group.address}, with the route {"dst": "${c.group.address}/32", "gw": "0.0.0.0"}, and name it in the annotation ${NETWORKS_ANNOTATION}`,
  };
}

function alternatives(fixes: readonly Fix[]): Alternative[] {
  return fixes.flatMap((fix) =>
    fix.kind === 'alternative'
      ? [
          {
            title: fix.title,
            steps: [{ on: fix.on as Step['on'], title: fix.title, ...(fix.run === '' ? {} : { run: fix.run }) }],
          },
        ]
      : [],
  );
}

function retest(c: Case): string {
  const { manifests } = c.snapshot;
  if (manifests !== undefined) {
    const group = c.standIn ? '' : ` --group ${quote(formatGroup(c.group))}`;
    return `kmcast doctor ${manifests.files.map((file) => `-f ${quote(file)}`).join(' ')}${group}`;
  }
  const place = c.target.namespace === undefined ? '' : ` -n ${quote(c.target.namespace)}`;
  const asked = c.group.source === undefined ? c.snapshot.question.source : undefined;
  const source = asked === undefined ? '' : ` --source ${quote(asked)}`;
  return `kmcast doctor ${quote(c.target.name)}${place} --group ${quote(formatGroup(c.group))}${source}`;
}

function distinct(steps: readonly Step[]): Step[] {
  const seen = new Set<string>();
  return steps.filter((step) => {
    const key = JSON.stringify(step);
    return seen.has(key) ? false : seen.add(key);
  });
}
