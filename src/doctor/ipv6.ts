/** IPv6 on the target's interfaces. */
import { joinInterface } from '../model/route-lookup.ts';
import type { Case } from './case.ts';
import { routingOf } from './routing.ts';

/** The interface on which an IPv6 group is wanted while IPv6 is switched off there. */
export function interfaceWithoutIpv6(c: Case): string | undefined {
  if (c.group.family !== 6) return undefined;
  const name = c.expected?.interface ?? c.attachments[0]?.selection.interface ?? c.primary;
  const off = c.ns.sysctls[`net.ipv6.conf.${name}.disable_ipv6`] === '1';
  return off && !c.ns.addresses.some((a) => a.family === 6 && a.interface === name) ? name : undefined;
}

/** Where a join or a datagram that names no interface goes: the first ff00::/8 route of the local table. */
export function defaultIpv6Interface(c: Case): string | undefined {
  const found = joinInterface(routingOf(c.ns), { family: 6, group: c.group.address });
  return 'interface' in found ? found.interface : undefined;
}
