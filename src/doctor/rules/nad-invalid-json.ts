import { mendJson } from '../../model/mend-json.ts';
import { isObject, type Json, parseNadConfig } from '../../model/nad.ts';
import type { Rule } from '../rule.ts';
import { atNad, eventEvidence, evidence } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-invalid-json',
  title: 'The attachments hold valid CNI configurations',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      // An empty configuration is legal: it names a file on the node.
      if (a.nad === undefined || typeof a.config !== 'string' || a.nad.config.trim() === '') return [];
      const mended = mend(a.nad.config);
      return [
        {
          summary: `spec.config of ${a.selection.namespace}/${a.selection.name} cannot be read: ${a.config}`,
          detail: 'The meta-plugin refuses the configuration, so the pod cannot start.',
          advice:
            mended === undefined
              ? 'Correct the JSON by hand: kmcast cannot tell what was meant.'
              : 'Apply the configuration with the JSON mended (commas, quotes, comments, the plugin’s type).',
          evidence: [
            evidence(atNad(a), 'spec.config', a.config),
            ...eventEvidence(c, /json|invalid character|unmarshal/i),
          ],
          fixes:
            mended === undefined
              ? [
                  {
                    kind: 'advice' as const,
                    on: 'cluster' as const,
                    title: `Correct the JSON in spec.config of ${a.selection.namespace}/${a.selection.name}: ${a.config}`,
                  },
                ]
              : [
                  {
                    kind: 'attachment' as const,
                    namespace: a.selection.namespace,
                    name: a.selection.name,
                    edits: [{ set: 'config' as const, value: mended }],
                  },
                  { kind: 'recreate' as const },
                ],
        },
      ];
    }),
};
export default rule;

/** What can be read already, and still is no configuration, lacks its plugin: its other fields may say which. */
function mend(text: string): string | undefined {
  const readable = mendJson(text);
  if (readable === undefined || typeof parseNadConfig(readable) === 'object') return readable;
  const json: unknown = JSON.parse(readable);
  const type = isObject(json) ? likelyType(json) : undefined;
  return type === undefined ? undefined : JSON.stringify({ type, ...(json as Json) });
}

/** By the fields that one plugin alone has. */
function likelyType(json: Json): string | undefined {
  if ('plugins' in json || 'type' in json) return undefined;
  if (typeof json.bridge === 'string') return 'bridge';
  if (typeof json.master !== 'string') return undefined;
  return ['l2', 'l3', 'l3s'].includes(String(json.mode)) ? 'ipvlan' : 'macvlan';
}
