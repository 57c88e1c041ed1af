import type { PodAddressFacts } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import { parseNadConfig } from '../../model/nad.ts';
import type { Flow } from '../../model/wire.ts';
import { type Attachment, attachedAs, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import { ipamOnLan, withIpam } from '../lan-address.ts';
import type { Evidence, Rule } from '../rule.ts';
import { at, atNad, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'address-conflict',
  title: 'Nobody else has the pod’s address on its secondary network',
  stage: 'attachment',
  severity: 'warning',
  needs: ['pod', 'podAddresses'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      const addresses = addressesOf(c, a);
      const others = othersWith(c, a, addresses);
      const foreign = fromOwnAddress(c, a, addresses);
      if (others.length === 0 && foreign.length === 0) return [];
      const name = attachedAs(a);
      const shared = foreign[0]?.source ?? addresses.find((ip) => others.some((p) => p.ips.includes(ip))) ?? '';
      const onlyThose = foreign.length > 0 && c.arrivals.every((f) => foreign.includes(f));
      return [
        {
          severity: onlyThose ? ('error' as const) : ('warning' as const),
          summary:
            foreign.length > 0
              ? `the sender has the pod’s own address ${shared}`
              : `${listing(others.map((p) => `${p.namespace}/${p.pod}`))} has the address ${shared} of ${name} too`,
          detail:
            foreign.length > 0
              ? 'The kernel takes a datagram whose source is an address of its own for a forgery and drops it, without counting it anywhere.'
              : 'Unicast to that address reaches now one, now the other, and a pod drops what comes from its own address. host-local counts on each node for itself, so that one attachment used on several nodes gives the same addresses twice.',
          advice: 'Use whereabouts, which counts for the whole cluster, or a range of its own for each node.',
          evidence: evidenceFor(c, a, name, shared, others, foreign),
          fixes: fixesFor(c, a, shared),
        },
      ];
    }),
};
export default rule;

function addressesOf(c: Case, a: Attachment): string[] {
  const own = c.ns.addresses
    .filter((x) => x.interface === (a.link?.name ?? '') && x.scope === 'global')
    .map((x) => x.address);
  return own.length > 0 ? own : (a.status?.ips ?? []).map((ip) => ip.split('/')[0] ?? '');
}

/** Pods with one of the addresses on the same LAN: the same attachment, or one with the same parent. */
function othersWith(c: Case, a: Attachment, addresses: readonly string[]): PodAddressFacts[] {
  const master = soundConfig(a)?.master;
  const nads = valueIn(c.snapshot.cluster.attachments) ?? [];
  const sameLan = (network: string): boolean => {
    if (network === `${a.selection.namespace}/${a.selection.name}`) return true;
    const config = parseNadConfig(nads.find((n) => `${n.namespace}/${n.name}` === network)?.config ?? '');
    return typeof config === 'object' && master !== undefined && config.master === master;
  };
  return (valueIn(c.snapshot.cluster.podAddresses) ?? []).filter(
    (p) =>
      !(p.pod === c.pod?.name && p.namespace === c.pod.namespace) &&
      sameLan(p.network) &&
      p.ips.some((ip) => addresses.includes(ip.split('/')[0] ?? '')),
  );
}

/** Datagrams that come in with an address of the pod's as source, from a MAC that is not its own. */
function fromOwnAddress(c: Case, a: Attachment, addresses: readonly string[]): Flow[] {
  return c.arrivals.filter(
    (f) =>
      f.interface === a.link?.name &&
      addresses.includes(f.source) &&
      f.sourceMac !== undefined &&
      f.sourceMac !== a.link.mac,
  );
}

function evidenceFor(
  c: Case,
  a: Attachment,
  name: string,
  shared: string,
  others: readonly PodAddressFacts[],
  foreign: readonly Flow[],
): Evidence[] {
  return [
    evidence(
      at(c, name),
      a.link === undefined ? 'network-status' : 'addresses',
      `${shared}, MAC ${a.link?.mac ?? a.status?.mac ?? 'unknown'}`,
    ),
    ...others
      .slice(0, 2)
      .map((p) =>
        evidence(
          `pod/${p.pod} ${p.interface ?? ''}`.trim(),
          'network-status',
          `${p.ips.join(', ')}, MAC ${p.mac ?? 'unknown'}, on ${p.node ?? 'no node'}`,
        ),
      ),
    ...(foreign.length > 0
      ? [evidence(at(c, name), 'capture', `${describeFlows(foreign)}, MAC ${foreign[0]?.sourceMac}`)]
      : []),
    ...(soundConfig(a)?.ipamType === undefined
      ? []
      : [evidence(atNad(a), 'spec.config ipam.type', soundConfig(a)!.ipamType!)]),
  ];
}

/** A copy of the attachment for this pod, with an address that nobody is known to have: the others keep theirs. */
function fixesFor(c: Case, a: Attachment, shared: string): Fix[] {
  const config = soundConfig(a);
  const chosen =
    config === undefined
      ? undefined
      : ipamOnLan(
          c,
          config.subnets.find((s) => s.includes('/')),
        );
  const { namespace, name } = a.selection;
  if (config === undefined || chosen === undefined)
    return [
      {
        kind: 'advice',
        on: 'cluster',
        title: `Give out ${shared} once: install whereabouts and use it in ${namespace}/${name}, or give each node a range of its own`,
      },
    ];
  const copied = chosen.ipam.type === 'static';
  const target = copied ? `${name}-${c.pod?.owners.at(-1)?.name ?? c.pod?.name ?? 'own'}` : name;
  const edits = [
    { set: 'config' as const, value: JSON.stringify(withIpam({ ...config.json, name: target }, chosen.ipam)) },
  ];
  const networks = c.attachments
    .map((x) => `${x.selection.namespace}/${x === a ? target : x.selection.name}@${x.selection.interface}`)
    .join(',');
  return [
    {
      kind: 'advice',
      on: 'network',
      title: `Have the LAN’s owner confirm ${chosen.addresses}: no pod, node or pool known to kmcast has it`,
    },
    { kind: 'attachment', namespace, name: target, ...(copied ? { from: { namespace, name } } : {}), edits },
    ...(copied ? [{ kind: 'annotate', networks } satisfies Fix] : []),
    { kind: 'recreate' },
  ];
}
