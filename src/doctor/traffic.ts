/** Questions to what was seen on the wire. */
import type { Group } from '../model/group.ts';
import type { Flow, WireLook } from '../model/wire.ts';

/** The flows of a look that go to the group (any port: a wrong one is a finding), IGMP and MLD apart. */
export function flowsOf(look: WireLook | undefined, group: Group): Flow[] {
  return (look?.flows ?? []).filter(
    (flow) => flow.destination === group.address && flow.protocol !== 2 && flow.protocol !== 58,
  );
}

/** Sum of packets. */
export function packetsOf(flows: readonly Flow[]): number {
  return flows.reduce((sum, flow) => sum + flow.packets, 0);
}

/** `12 datagrams from 10.66.0.9 to port 5007, TTL 8`, for evidence. */
export function describeFlows(flows: readonly Flow[]): string {
  const packets = packetsOf(flows);
  const sources = [...new Set(flows.map((f) => f.source))];
  const ports = [...new Set(flows.flatMap((f) => f.destinationPort ?? []))];
  const ttls = [...new Set(flows.map((f) => f.ttl))];
  return (
    `${packets} datagram${packets === 1 ? '' : 's'} from ${some(sources)}` +
    (ports.length > 0 ? ` to port ${some(ports)}` : '') +
    (ttls.length > 0 ? `, TTL ${some(ttls)}` : '')
  );
}

/** Interfaces of the flows, in order of first sight. */
export function interfacesOf(flows: readonly Flow[]): string[] {
  return [...new Set(flows.map((f) => f.interface))];
}

function some(values: readonly (string | number)[]): string {
  return values.length <= 3 ? values.join(', ') : `${values.slice(0, 3).join(', ')} and ${values.length - 3} more`;
}
