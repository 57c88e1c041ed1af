/** Which groups and sources an attachment's routes must serve: those of every case that its correction is printed for. */
import { soundConfig } from '../doctor/attachment.ts';
import type { Case } from '../doctor/case.ts';
import { contains } from '../model/address.ts';
import type { RouteWants } from './nad-config.ts';

/**
 * @param peers other cases of the same diagnosis that need a fix. Those of the same attachment, or of the same pod when it has none
 * yet, count too: whoever pastes one plan after the other must not lose the routes of the first.
 */
export function routeWants(c: Case, peers: readonly Case[]): RouteWants {
  const place = carrier(c);
  const together = [c, ...peers.filter((peer) => peer !== c && carrier(peer) === place)].map(wantsOf);
  return {
    groups: [...new Set(together.flatMap((wants) => wants.groups))],
    sources: [...new Set(together.flatMap((wants) => wants.sources))],
  };
}

/** The attachment that carries the case's group, or the pod that has none. */
function carrier(c: Case): string {
  const attachment = c.attachments.find((a) => a.selection.interface === c.expected?.interface) ?? c.attachments[0];
  return attachment === undefined
    ? `pod ${c.pod?.namespace}/${c.pod?.name}`
    : `${attachment.selection.namespace}/${attachment.selection.name}`;
}

function wantsOf(c: Case): RouteWants {
  const name = c.expected?.interface;
  const onLink = [
    ...c.attachments
      .filter((a) => name === undefined || a.selection.interface === name)
      .flatMap((a) => soundConfig(a)?.subnets ?? []),
    // What DHCP or an attachment out of reach gave shows on the interface alone.
    ...c.ns.addresses.filter((a) => a.interface === name).map((a) => `${a.address}/${a.prefixLength}`),
  ];
  return {
    groups: c.standIn ? [] : [c.group.address],
    sources: c.sources.filter((source) => !onLink.some((subnet) => contains(subnet, source))),
  };
}
