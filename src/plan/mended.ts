/** The attachments that a plan changes, each once, with every change that the findings ask for. */

import type { Case } from '../doctor/case.ts';
import type { Fix } from '../doctor/fix.ts';
import type { NadFacts } from '../facts/snapshot.ts';
import { valueIn } from '../model/fact.ts';
import { isObject, type Json, parseNadConfig } from '../model/nad.ts';
import type { Wanted } from './build.ts';
import { mendConfig, type RouteWants } from './nad-config.ts';
import { type NadManifest, nadManifest } from './nad-manifest.ts';

export interface MendedNad extends NadManifest {
  readonly title: string;
  /** The manifest as it was; absent when the object is new. */
  readonly before?: string;
}

type AttachmentFix = Extract<Fix, { kind: 'attachment' }>;

/** Annotations that the API server or a tool keeps by itself. */
const OWN_BOOKKEEPING = ['kubectl.kubernetes.io/last-applied-configuration'];

/** A plan that creates the pod anew also rights what only a new pod would notice: the warnings about the same attachments. */
export function mendedAttachments(c: Case, wanted: Wanted, wants: RouteWants, recreates: boolean): MendedNad[] {
  const errors = wanted.errors.filter(isAttachmentFix);
  const warnings = recreates || errors.length > 0 ? wanted.warnings.filter(isAttachmentFix) : [];
  const used = recreates
    ? c.attachments.map(
        (a): AttachmentFix => ({
          kind: 'attachment',
          namespace: a.selection.namespace,
          name: a.selection.name,
          edits: [],
        }),
      )
    : [];
  const byName = new Map<string, AttachmentFix[]>();
  for (const fix of [...errors, ...warnings, ...used]) {
    const key = `${fix.namespace}/${fix.name}`;
    byName.set(key, [...(byName.get(key) ?? []), fix]);
  }
  return [...byName.values()].flatMap((fixes) => mended(c, fixes, wants));
}

function mended(c: Case, fixes: readonly AttachmentFix[], wants: RouteWants): MendedNad[] {
  const [fix] = fixes as [AttachmentFix];
  const all = valueIn(c.snapshot.cluster.attachments) ?? [];
  const existing = all.find((nad) => nad.namespace === fix.namespace && nad.name === fix.name);
  const from = fixes.find((f) => f.from !== undefined)?.from;
  const source = existing ?? all.find((nad) => nad.namespace === from?.namespace && nad.name === from?.name);
  const edits = fixes.flatMap((f) => f.edits);
  const replaced = edits.find((edit) => 'set' in edit && edit.set === 'config');
  const text =
    replaced !== undefined && 'set' in replaced && replaced.set === 'config' ? replaced.value : source?.config;
  const parsed = text === undefined ? undefined : parseNadConfig(text);
  if (source === undefined || parsed === undefined || typeof parsed === 'string') return [];
  const config = mendConfig(parsed.json, edits, carries(c, fix) ? wants : { groups: [], sources: [] });
  if (existing !== undefined && JSON.stringify(config) === JSON.stringify(tryJson(existing.config))) return [];
  const manifest = { ...metadata(source), namespace: fix.namespace, name: fix.name, config };
  const title =
    existing === undefined
      ? `Create attachment ${fix.namespace}/${fix.name}, a copy of ${source.namespace}/${source.name}`
      : `Correct attachment ${fix.namespace}/${fix.name}${existing.file === undefined ? '' : ` in ${existing.file}`}`;
  const old = existing === undefined ? undefined : tryJson(existing.config);
  return [{ ...manifest, title, ...(old === undefined ? {} : { before: nadManifest({ ...manifest, config: old }) }) }];
}

/** Only the attachment that should carry the group gets its routes. */
function carries(c: Case, fix: AttachmentFix): boolean {
  const own =
    c.attachments.find((a) => a.selection.namespace === fix.namespace && a.selection.name === fix.name) ??
    c.attachments.find((a) => a.selection.name === fix.name);
  const attached = c.attachments.some((a) => a.selection.interface === c.expected?.interface);
  return attached
    ? own?.selection.interface === c.expected?.interface
    : c.attachments[0] === undefined || own === c.attachments[0];
}

function metadata(nad: NadFacts): Pick<NadManifest, 'labels' | 'annotations'> {
  const annotations = Object.fromEntries(
    Object.entries(nad.annotations ?? {}).filter(([key]) => !OWN_BOOKKEEPING.includes(key)),
  );
  return { ...(nad.labels === undefined ? {} : { labels: nad.labels }), annotations };
}

function tryJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAttachmentFix(fix: Fix): fix is AttachmentFix {
  return fix.kind === 'attachment';
}
