/**
 * A pod that joined nothing: what reaches its interface, and what its socket gets. Frames to a group that nobody in a namespace has
 * joined are dropped by the kernel without a trace in the counters of drops, and a pod without CAP_NET_RAW cannot look at the wire.
 * But IP counts every packet that the interface gave it before it looks for a membership (InReceives; ip_rcv_core in
 * net/ipv4/ip_input.c, ip6_rcv_core in net/ipv6/ip6_input.c), to the packet.
 */
import { AgentControl } from '../agent/control.ts';
import type { AgentMessage, ObserveJob, Place } from '../agent/protocol.ts';
import { parseCounterPairs, parseSnmp6 } from '../facts/proc/counters.ts';
import type { Group } from '../model/group.ts';
import type { Vantage } from '../vantage/vantage.ts';
import type { Arrival } from './case.ts';

/** Packets that IP got from the interfaces so far, and when that was read (ms). */
export interface Reading {
  readonly packets: number;
  readonly at: number;
}

/** Before a quiet time, after it, and after the sending. */
export interface Watched {
  readonly readings: readonly [Reading, Reading, Reading];
  /** Datagrams that a socket bound to the group's port, without a membership, was given. */
  readonly atSocket: number;
}

/** Seconds that its agent lives at most. */
const DEADLINE = 60;

/** Reads, waits for `quiet`, reads, waits for `sent`, reads; meanwhile listens on the port. Resolves to why when that was not possible. */
export async function watchBystander(
  vantage: Vantage,
  { family, port = 0 }: Group,
  {
    quiet,
    sent,
    ready,
  }: { readonly quiet: Promise<unknown>; readonly sent: Promise<unknown>; readonly ready: () => void },
  signal: AbortSignal,
): Promise<Watched | string> {
  const control = new AgentControl();
  const said: AgentMessage[] = [];
  const receive = {
    run: '00'.repeat(8),
    sockets: [{ id: 'port', port, bind: family === 6 ? '::' : '0.0.0.0' }],
    duration: DEADLINE * 1000,
    every: 0,
  };
  const listening = vantage.run(jobOf({ receive }), (message) => said.push(message), signal, control);
  try {
    const before = await readPackets(vantage, family, signal);
    await quiet;
    const begin = await readPackets(vantage, family, signal);
    ready();
    await sent;
    const end = await readPackets(vantage, family, signal);
    control.halt();
    await listening;
    const counts = said.findLast((message) => message.type === 'counts');
    if (before === undefined || begin === undefined || end === undefined) return 'its counters could not be read';
    if (counts?.type !== 'counts') return 'its agent said nothing';
    const atSocket = counts.sockets.flatMap(({ senders }) => senders).reduce((sum, one) => sum + one.received, 0);
    return { readings: [before, begin, end], atSocket };
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  } finally {
    ready();
    control.halt();
    await listening.catch(() => undefined);
  }
}

function jobOf(part: Partial<Place>): ObserveJob {
  return { kind: 'observe', deadline: DEADLINE, places: [{ id: 'bystander', enter: { kind: 'here' }, ...part }] };
}

const FILES = { 4: '/proc/net/snmp', 6: '/proc/net/snmp6' } as const;

async function readPackets(
  vantage: Vantage,
  family: Group['family'],
  signal: AbortSignal,
): Promise<Reading | undefined> {
  let reading: Reading | undefined;
  const reads = { files: [FILES[family]], netlink: [], commands: [], owners: false };
  await vantage.run(
    jobOf({ reads }),
    (message) => {
      if (message.type !== 'file') return;
      const packets =
        family === 4 ? parseCounterPairs(message.text)['Ip.InReceives'] : parseSnmp6(message.text)['Ip6.Ip6InReceives'];
      if (packets !== undefined) reading = { packets, at: Date.now() };
    },
    signal,
  );
  return reading;
}

/**
 * What the readings say of `sent` datagrams: nearly all reached the interface, or nearly none, which `received` says. What is beyond the
 * usual is not always the test's: members' own reports are flooded.
 */
export function judgeBystander(
  { readings: [before, begin, end], atSocket }: Watched,
  sent: number,
): { readonly observed: Arrival | 'unknown'; readonly received: number; readonly evidence: string } {
  const quiet = Math.max(1, begin.at - before.at);
  const usual = ((begin.packets - before.packets) / quiet) * (end.at - begin.at);
  const came = Math.max(0, Math.round(end.packets - begin.packets - usual));
  const observed =
    usual > sent * NOISE ? 'unknown' : came >= sent * MOST ? 'arrives' : came <= sent * FEW ? 'nothing' : 'unknown';
  const beside = usual < 1 ? '' : `, beside some ${Math.round(usual)} as in the time before`;
  const evidence = `${came} packets reached IP in a pod that joined nothing while ${sent} were sent${beside}; a socket bound to the port, without a membership, got ${atSocket}`;
  return { observed, received: observed === 'nothing' ? 0 : Math.min(sent, came), evidence };
}

/** Shares of what was sent: so much other traffic hides the test; so much is flooding; so little is not. */
const NOISE = 0.5;
const MOST = 0.7;
const FEW = 0.2;
