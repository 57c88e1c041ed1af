import { kubectl } from '../../plan/shell.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import type { Evidence, Rule } from '../rule.ts';
import { atNode, eventEvidence, evidence, listing, podEvent } from '../say.ts';

const BY_KUBELET = /forbidden sysctl:? *"?([\w./-]+)"?/i;
const BY_TUNING = /sysctl +"?([\w./-]+)"? +is not allowed/i;
const EITHER = new RegExp(`${BY_KUBELET.source}|${BY_TUNING.source}`, 'i');
const ALLOWLIST = '/etc/cni/tuning/allowlist.conf';
/** Where the pod template of an owner has its sysctls. */
const TEMPLATE = '/spec/template/spec/securityContext/sysctls';

const rule: Rule = {
  id: 'sysctl-not-permitted',
  title: 'The node permits the sysctls that the pod asks for',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'podStatus'],
  skip: (c) => (c.target.kind !== 'pod' ? 'the target is no pod' : undefined),
  check: (c) => {
    const byKubelet = c.pod?.statusReason === 'SysctlForbidden';
    const waits = c.pod?.phase === 'Pending' && c.pod.podIPs.length === 0;
    const refused = waits ? BY_TUNING.exec(podEvent(c, BY_TUNING)?.message ?? '')?.[1] : undefined;
    if (!byKubelet && refused === undefined) return [];
    const named = BY_KUBELET.exec(c.pod?.statusMessage ?? podEvent(c, BY_KUBELET)?.message ?? '')?.[1];
    const names = byKubelet
      ? named === undefined
        ? (c.pod?.sysctls.map((s) => s.name) ?? [])
        : [named]
      : [refused ?? ''];
    return [
      {
        summary: `${c.target.node ?? 'the node'} does not permit the sysctl ${listing(names)}`,
        detail: byKubelet
          ? 'The kubelet refuses pods with sysctls that are not in its list of safe ones, unless allowedUnsafeSysctls names them. A refused pod is never started again.'
          : `The tuning plugin sets only what ${ALLOWLIST} of the node permits, where that file exists, so the pod’s networks cannot be made.`,
        advice: byKubelet
          ? 'Take the sysctl out of securityContext and let the tuning plugin of the attachment set it; or have the kubelet allow it.'
          : 'Have the sysctl added to the list on every node (OpenShift: ConfigMap cni-sysctl-allowlist in openshift-multus), or take it out of the attachment.',
        evidence: byKubelet
          ? kubeletEvidence(c)
          : [evidence(atNode(c), ALLOWLIST, `does not permit ${listing(names)}`), ...eventEvidence(c, BY_TUNING)],
        fixes: byKubelet ? kubeletFixes(c) : [allow(c, names), { kind: 'recreate' }],
      },
    ];
  },
};
export default rule;

function kubeletEvidence(c: Case): Evidence[] {
  return [
    evidence(c.target.name, 'status', `${c.pod?.statusReason}: ${c.pod?.statusMessage ?? ''}`),
    evidence(
      c.target.name,
      'spec.securityContext.sysctls',
      c.pod?.sysctls.map((s) => `${s.name}=${s.value}`).join(', ') || 'none',
    ),
    ...eventEvidence(c, EITHER),
  ];
}

/** The same sysctls by the tuning plugin, and none in the pod: what it sets, it sets in the pod's namespace as well. */
function kubeletFixes(c: Case): Fix[] {
  const [first] = c.attachments;
  const pod = c.pod;
  const owner = pod?.owners.at(-1);
  const kubelet: Fix = {
    kind: 'alternative',
    title: 'Have the kubelet of every such node allow the sysctls, then create the pod anew',
    on: `node/${c.target.node ?? ''}`,
    run: `allowedUnsafeSysctls: [${pod?.sysctls.map((s) => s.name).join(', ')}]`,
  };
  if (first === undefined || pod === undefined)
    return [
      {
        kind: 'advice',
        on: `node/${c.target.node ?? ''}`,
        title: `Name ${listing(pod?.sysctls.map((s) => s.name) ?? [])} in allowedUnsafeSysctls of the kubelet, then create the pod anew`,
      },
    ];
  const { namespace, name } = first.selection;
  const edits = pod.sysctls.map((s) => ({ set: 'sysctl' as const, name: s.name, value: s.value }));
  const patch = (path: string) => JSON.stringify([{ op: 'remove', path }]);
  const run =
    owner === undefined
      ? [
          'f=$(mktemp)',
          `${kubectl(pod.namespace, 'get', 'pod', pod.name, '-o', 'yaml')} > "$f"`,
          `kubectl patch --local -f "$f" --type json -p '${patch('/spec/securityContext/sysctls')}' -o yaml | kubectl replace --force -f -`,
          kubectl(pod.namespace, 'wait', '--for=condition=Ready', `pod/${pod.name}`, '--timeout=120s'),
          'rm "$f"',
        ].join('\n')
      : kubectl(pod.namespace, 'patch', owner.kind.toLowerCase(), owner.name, '--type', 'json', '-p', patch(TEMPLATE));
  return [
    { kind: 'attachment', namespace, name, edits },
    { kind: 'cluster', title: 'Take the sysctls out of the pod: its attachment sets them now', run },
    kubelet,
  ];
}

function allow(c: Case, names: readonly string[]): Fix {
  const lines = names.map((name) => `^${name.replace(/\./g, '\\.')}$`);
  return {
    kind: 'node',
    node: c.target.node ?? '',
    title: `Permit ${listing(names)} to the tuning plugin (an operator that owns the file may revert it)`,
    run: `printf '%s\\n' ${lines.map((line) => `'${line.replace(/'/g, '')}'`).join(' ')} >>${ALLOWLIST}`,
  };
}
