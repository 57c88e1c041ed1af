/** What a probe is to do, and the names of its flows and sockets. */
import type { ReceiveSocket, SendFlow } from '../agent/traffic.ts';
import type { Group } from '../model/group.ts';
import type { End } from './ends.ts';
import { silentGroup } from './free-group.ts';

export interface ProbePlan {
  readonly run: string;
  readonly group: Group;
  readonly senders: readonly End[];
  readonly receivers: readonly End[];
  readonly count: number;
  /** Datagrams a second of each sender. */
  readonly rate: number;
  readonly size: number;
  readonly ttl: number;
  readonly fromInterface?: string;
  readonly toInterface?: string;
  /** Port of the unicast control. */
  readonly controlPort: number;
}

/** Bytes of receive buffer to ask for: the kernel grants what net.core.rmem_max allows, and that much makes good a pause of its reader. */
export const BUFFER = 4 << 20;
/** Datagrams of the unicast control, for each pair. */
export const CONTROL = 10;
/** Of these a second at most: to many receivers they are many, and must not hold up the group's. */
const CONTROL_RATE = 100;
/** Sender ids of control flows begin above those of the group's. */
const PER_SENDER = 10_000;

/** Id of a sender's datagrams to the group. */
export function groupFlow(sender: number): number {
  return sender + 1;
}

/** Id of a sender's control datagrams to a receiver. */
export function controlFlow(sender: number, receiver: number): number {
  return (sender + 1) * PER_SENDER + receiver;
}

/** Address of the receiver for the control: of the group's family, in the cluster's network. */
export function controlAddress(plan: Pick<ProbePlan, 'group'>, end: End): string | undefined {
  return end.addresses.find((address) => address.includes(':') === (plan.group.family === 6));
}

/** What one sender sends: the group's datagrams, and a few by unicast to every other end. */
export function flowsOf(plan: ProbePlan, sender: number): SendFlow[] {
  const { group, ttl, size, count, rate, fromInterface } = plan;
  const port = group.port ?? 0;
  const controls = plan.receivers.flatMap((end, receiver): SendFlow[] => {
    const to = controlAddress(plan, end);
    if (to === undefined) return [];
    return [
      {
        id: controlFlow(sender, receiver),
        to,
        port: plan.controlPort,
        ttl,
        size,
        count: Math.min(CONTROL, count),
        rate: Math.min(CONTROL_RATE, rate),
      },
    ];
  });
  return [
    {
      id: groupFlow(sender),
      to: group.address,
      port,
      ttl,
      size,
      count,
      rate,
      ...(fromInterface === undefined ? {} : { interface: fromInterface }),
      ...(group.source === undefined ? {} : { source: group.source, ifOwn: true }),
    },
    ...controls,
  ];
}

/** Where a receiver listens: the group, another group that must stay silent, and the control's port. */
export function socketsOf(plan: ProbePlan): ReceiveSocket[] {
  const { address, source, port = 0, family } = plan.group;
  // As the application there has joined, if one has; and both in the same place.
  const on = plan.toInterface === undefined ? { follow: address } : { interface: plan.toInterface };
  return [
    { id: 'group', group: address, port, ...on, ...(source === undefined ? {} : { source }) },
    { id: 'silent', group: silentGroup(plan.group), port, anyAddress: true, ...on },
    { id: 'control', port: plan.controlPort, bind: family === 6 ? '::' : '0.0.0.0' },
  ];
}

/** Milliseconds that a sender needs. */
export function sendingTime({ count, rate }: Pick<ProbePlan, 'count' | 'rate'>): number {
  return Math.ceil((count / rate) * 1000);
}
