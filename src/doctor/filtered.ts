/** What the packet filter of the target's namespace does to the group's datagrams and to membership messages. */
import { valueIn } from '../model/fact.ts';
import type { Datagram } from '../model/firewall.ts';
import type { Firewall } from '../model/packet-filter.ts';
import type { Case } from './case.ts';
import { movedByFamily, movementOf } from './moved.ts';
import { type Stopped, stoppedBy } from './stopped.ts';

/** The packet filter of the target's namespace, where it could be listed. */
export function firewallOf(c: Case): Firewall | undefined {
  const observation = valueIn(c.target.observation);
  return observation === undefined ? undefined : valueIn(observation.netns.firewall);
}

/** What stops the group's datagrams on their way in (or out, for what the target sends). */
export function dataStopped(c: Case, direction: 'in' | 'out'): Stopped | undefined {
  const flows = direction === 'in' ? c.arrivals : c.departures;
  const name = flows[0]?.interface ?? c.expected?.interface;
  const common = { family: c.group.family, destination: c.group.address, protocol: 17 };
  const ports = c.ports.length > 0 ? c.ports.map((destinationPort) => ({ destinationPort })) : [{}];
  const sources = c.sources.length > 0 ? c.sources.map((source) => ({ source })) : [{}];
  const hooks =
    direction === 'in'
      ? // What the IP layer counts was not dropped at ingress.
        ([...((movedByFamily(c, 'multicast') ?? 0) > 0 ? [] : ['ingress' as const]), 'prerouting', 'input'] as const)
      : (['output', 'postrouting', 'egress'] as const);
  const side = name === undefined ? {} : direction === 'in' ? { inputInterface: name } : { outputInterface: name };
  const datagrams = sources.flatMap((source) =>
    ports.flatMap((port) => hooks.map((hook): Datagram => ({ ...common, ...side, ...source, ...port, hook }))),
  );
  return firstStopped(c, datagrams);
}

/** What keeps the target's membership reports in, or queries out. */
export function membershipStopped(c: Case): Stopped | undefined {
  const name = c.memberships[0]?.interface ?? c.expected?.interface;
  const side = name === undefined ? {} : { outputInterface: name };
  const arriving = name === undefined ? {} : { inputInterface: name };
  const family = c.group.family;
  const datagrams: Datagram[] =
    family === 4
      ? [
          { family, hook: 'output', protocol: 2, destination: '224.0.0.22', messageType: 0x22, ...side },
          { family, hook: 'output', protocol: 2, destination: c.group.address, messageType: 0x16, ...side },
          { family, hook: 'input', protocol: 2, destination: '224.0.0.1', messageType: 0x11, ...arriving },
        ]
      : [
          { family, hook: 'output', protocol: 58, destination: 'ff02::16', messageType: 143, ...side },
          { family, hook: 'input', protocol: 58, destination: 'ff02::1', messageType: 130, ...arriving },
        ];
  return firstStopped(c, datagrams);
}

/** Whether a firewall keeps the target's membership reports from leaving. */
export function reportsBlocked(c: Case): boolean {
  return membershipStopped(c) !== undefined;
}

function firstStopped(c: Case, datagrams: readonly Datagram[]): Stopped | undefined {
  const firewall = firewallOf(c);
  return firewall === undefined ? undefined : stoppedBy(firewall, datagrams, movementOf(valueIn(c.target.observation)));
}
