import { editDistance } from '../../cluster/near.ts';
import { valueIn } from '../../model/fact.ts';
import { isObject, type Json } from '../../model/nad.ts';
import { type Attachment, soundConfig } from '../attachment.ts';
import { type Case, unique } from '../case.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { atNode, eventEvidence, evidence, listing } from '../say.ts';
import { hasNetworks, sandboxFailure } from '../starting.ts';

const REFUSED = /failed to find plugin [\\"']*([\w.-]+)[^[]*(\[[^\]]*\])?/i;
const FOLDER = '/opt/cni/bin';
/** What a release of github.com/containernetworking/plugins holds. */
const RELEASED =
  'bandwidth bridge dhcp dummy firewall host-device host-local ipvlan loopback macvlan portmap ptp sbr static tap tuning vlan vrf'.split(
    ' ',
  );
const RELEASE = 'v1.7.1';

const rule: Rule = {
  id: 'nad-plugin-missing',
  title: 'The node has every CNI plugin that the pod’s networks name',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod'],
  skip: hasNetworks,
  check: (c) => {
    const plugins = (c.node === undefined ? undefined : valueIn(c.node.cni))?.plugins ?? [];
    const missing = unique([
      ...refused(c, plugins),
      ...(plugins.length === 0 ? [] : wanted(c).filter((t) => !plugins.includes(t))),
    ]);
    if (missing.length === 0) return [];
    return [
      {
        summary: `${c.target.node} has no CNI plugin ${listing(missing)}`,
        detail:
          'The runtime starts a program of that name for each plugin of the configuration. Without it the pod’s networks cannot be made, and the pod never starts.',
        advice: `Put ${listing(missing)} into ${FOLDER} of every node on which such pods run, or correct the type in the attachment.`,
        evidence: [
          ...c.attachments.flatMap((a) => {
            const types = typesOf(a).filter((type) => missing.includes(type));
            return types.length === 0
              ? []
              : [
                  evidence(
                    `NetworkAttachmentDefinition ${a.selection.namespace}/${a.selection.name}`,
                    'spec.config type',
                    listing(types),
                  ),
                ];
          }),
          ...(plugins.length === 0 ? [] : [evidence(atNode(c), FOLDER, `has ${listing(plugins)}`)]),
          ...eventEvidence(c, REFUSED),
        ],
        fixes: [...missing.flatMap((type) => fixesFor(c, type, plugins)), { kind: 'recreate' }],
      },
    ];
  },
};
export default rule;

/** The plugin that the last try failed for, unless it is there by now. */
function refused(c: Case, plugins: readonly string[]): string[] {
  const match = REFUSED.exec(sandboxFailure(c)?.message ?? '');
  const [, name, folders] = match ?? [];
  if (name === undefined) return [];
  const settled = plugins.includes(name) && (folders === undefined || folders.includes(FOLDER));
  return settled ? [] : [name];
}

function wanted(c: Case): string[] {
  return c.attachments.flatMap(typesOf);
}

function typesOf(attachment: Attachment): string[] {
  const config = soundConfig(attachment);
  return config === undefined ? [] : [...config.chain, config.ipamType ?? ''].filter((type) => type !== '');
}

function fixesFor(c: Case, type: string, plugins: readonly string[]): Fix[] {
  const meant = RELEASED.includes(type) ? undefined : plugins.find((plugin) => editDistance(type, plugin) === 1);
  if (meant !== undefined) {
    return c.attachments
      .filter((a) => typesOf(a).includes(type))
      .map((a) => ({
        kind: 'attachment',
        namespace: a.selection.namespace,
        name: a.selection.name,
        edits: [{ set: 'config', value: JSON.stringify(retyped(soundConfig(a)!.json, type, meant)) }],
      }));
  }
  const node = c.target.node ?? '';
  if (!RELEASED.includes(type))
    return [
      {
        kind: 'advice',
        on: `node/${node}`,
        title: `Install the CNI plugin ${type} into ${FOLDER} (its project’s DaemonSet does that)`,
      },
    ];
  return [
    {
      kind: 'node',
      node,
      title: `Install ${type} from release ${RELEASE} of the CNI plugins (a node without internet: copy ${FOLDER}/${type} from another node)`,
      run: [
        'case $(uname -m) in x86_64) a=amd64 ;; aarch64) a=arm64 ;; *) a=$(uname -m) ;; esac',
        `curl -fsSL https://github.com/containernetworking/plugins/releases/download/${RELEASE}/cni-plugins-linux-$a-${RELEASE}.tgz | tar -xz -C ${FOLDER} ./${type}`,
      ].join('\n'),
      undo: `rm ${FOLDER}/${type}`,
    },
  ];
}

/** The configuration with the plugin or IPAM type replaced. */
function retyped(json: Json, from: string, to: string): Json {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key === 'type' && value === from) return [key, to];
      if (key === 'ipam' && isObject(value)) return [key, retyped(value, from, to)];
      if (key === 'plugins' && Array.isArray(value))
        return [key, value.map((plugin) => (isObject(plugin) ? retyped(plugin, from, to) : plugin))];
      return [key, value];
    }),
  );
}
