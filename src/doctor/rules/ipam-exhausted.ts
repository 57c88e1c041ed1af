import { contains, fromNumber, toNumber } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { isObject, type Json } from '../../model/nad.ts';
import { takenIn } from '../../plan/free-address.ts';
import { type Attachment, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { atNad, atNode, eventEvidence, evidence, listing } from '../say.ts';
import { hasNetworks, sandboxFailure } from '../starting.ts';

const REFUSED = /no IP addresses available in range set|could not allocate IP in range/i;
/** A pool grows by so many addresses at most. */
const MORE = 16;

const rule: Rule = {
  id: 'ipam-exhausted',
  title: 'The attachments’ address pools have free addresses',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'events'],
  skip: hasNetworks,
  check: (c) => {
    const message = sandboxFailure(c)?.message ?? '';
    if (!REFUSED.test(message)) return [];
    const pool = c.attachments.find((a) => hasPoolOf(a, message));
    if (pool === undefined) return [];
    const stale = leaked(c, pool);
    const users = (valueIn(c.snapshot.cluster.podAddresses) ?? []).filter((p) => p.network === full(pool));
    return [
      {
        summary: `the address pool of ${full(pool)} is used up`,
        detail:
          'IPAM found no free address for the pod, so its networks cannot be made and it never starts. Either as many pods run as the pool has addresses, or addresses of pods that are gone were never given back.',
        advice:
          stale.length > 0
            ? `Give ${listing(stale)} back: no pod has ${stale.length === 1 ? 'it' : 'them'} any more.`
            : 'Let the pool have more addresses (ask the LAN’s owner which are free), or run fewer pods on it.',
        evidence: [
          ...eventEvidence(c, REFUSED),
          evidence(atNad(pool), 'spec.config ipam', JSON.stringify(soundConfig(pool)?.json.ipam ?? {})),
          ...(users.length > 0
            ? [
                evidence(
                  'cluster',
                  'network-status of all pods',
                  `${users.length} pod${users.length === 1 ? ' has' : 's have'} an address of it`,
                ),
              ]
            : []),
          ...(stale.length > 0
            ? [evidence(atNode(c), '/var/lib/cni/networks', `reserved, and no pod’s: ${listing(stale)}`)]
            : []),
        ],
        fixes: fixesFor(c, pool, stale),
      },
    ];
  },
};
export default rule;

function full({ selection }: Attachment): string {
  return `${selection.namespace}/${selection.name}`;
}

/** Whether the range that the message names is of this attachment. */
function hasPoolOf(a: Attachment, message: string): boolean {
  const config = soundConfig(a);
  if (config === undefined || !['host-local', 'whereabouts'].includes(config.ipamType ?? '')) return false;
  const range = /range(?: set)?:(.*)/i.exec(message)?.[1] ?? '';
  const addresses = range.match(/\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+/gi) ?? [];
  return addresses.length === 0 || addresses.some((ip) => config.subnets.some((s) => s === ip || inSubnet(s, ip)));
}

function inSubnet(subnet: string, address: string): boolean {
  return address.includes('.') === subnet.includes('.') && contains(subnet, address);
}

/** host-local's reservations on the node that belong to no pod there. */
function leaked(c: Case, pool: Attachment): string[] {
  const files = c.node === undefined ? undefined : valueIn(c.node.cni);
  const pods = valueIn(c.snapshot.cluster.podAddresses);
  const network = soundConfig(pool)?.json.name;
  if (files === undefined || pods === undefined || soundConfig(pool)?.ipamType !== 'host-local') return [];
  const used = new Set(pods.flatMap((p) => p.ips));
  return files.reservations.filter((r) => r.network === network && !used.has(r.address)).map((r) => r.address);
}

function fixesFor(c: Case, pool: Attachment, stale: readonly string[]): Fix[] {
  const config = soundConfig(pool)!;
  if (stale.length > 0 && c.target.node !== undefined)
    return [release(c.target.node, String(config.json.name)), { kind: 'recreate' }];
  const larger = enlarged(c, config.json);
  if (larger === undefined) {
    const title = `Give ${full(pool)} more addresses, or delete pods that need none; whereabouts: look for leaked ones with “kubectl get ippools.whereabouts.cni.cncf.io -A -o yaml”`;
    return [{ kind: 'advice', on: 'cluster', title }];
  }
  return [
    {
      kind: 'advice',
      on: 'network',
      title: `Have the LAN’s owner confirm ${larger.added}: no pod, node or pool known to kmcast has them`,
    },
    {
      kind: 'attachment',
      namespace: pool.selection.namespace,
      name: pool.selection.name,
      edits: [{ set: 'config', value: JSON.stringify(larger.json) }],
    },
    { kind: 'recreate' },
  ];
}

/** Removes reservations whose sandbox the runtime does not know; of the last minute none, as their sandbox may only be on its way. */
function release(node: string, network: string): Fix {
  return {
    kind: 'node',
    node,
    title: 'Give the addresses of sandboxes that are gone back to the pool',
    run: [
      'known=$(crictl pods -q --no-trunc 2>/dev/null || k3s crictl pods -q --no-trunc 2>/dev/null || ctr -n k8s.io containers ls -q)',
      'test -n "$known" || { echo "the container runtime does not say which sandboxes there are" >&2; exit 1; }',
      `for f in $(find '/var/lib/cni/networks/${network.replace(/[^\w.-]/g, '')}' -name '*.*.*.*' -mmin +1); do`,
      '  id=$(head -n 1 "$f" | tr -d "\\r")',
      '  case $known in *"$id"*) ;; *) rm "$f" ;; esac',
      'done',
    ].join('\n'),
  };
}

/** The configuration with its first range made larger at its end, or at its start, by addresses that nobody is known to have. */
function enlarged(c: Case, json: Json): { json: Json; added: string } | undefined {
  const text = JSON.stringify(json);
  const [key, last] = /"(rangeEnd|range_end)":"([\d.]+)"/.exec(text)?.slice(1) ?? [];
  const ipam = Array.isArray(json.plugins)
    ? json.plugins
        .filter(isObject)
        .map((p) => p.ipam)
        .find(isObject)
    : json.ipam;
  const subnet = /"(?:subnet|range)":"([\d.]+\/\d+)"/.exec(JSON.stringify(ipam ?? {}))?.[1];
  if (key === undefined || last === undefined || subnet === undefined) return undefined;
  const { addresses, pools } = takenIn(c.snapshot, subnet);
  const free = (ip: string) =>
    !addresses.has(ip) && !pools.some(([from, to]) => toNumber(from) <= toNumber(ip) && toNumber(ip) <= toNumber(to));
  let end = toNumber(last);
  // The next one but one must be in the subnet too: the last address of all is the broadcast address.
  while (end - toNumber(last) < MORE && contains(subnet, fromNumber(end + 2n, 4)) && free(fromNumber(end + 1n, 4)))
    end += 1n;
  if (end === toNumber(last)) return undefined;
  const changed: unknown = JSON.parse(text.replace(`"${key}":"${last}"`, `"${key}":"${fromNumber(end, 4)}"`));
  return isObject(changed)
    ? { json: changed, added: `${fromNumber(toNumber(last) + 1n, 4)} to ${fromNumber(end, 4)}` }
    : undefined;
}
