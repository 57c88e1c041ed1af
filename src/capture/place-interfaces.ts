/** Which interfaces of a place are watched, and what they are called and addressed. */
import type { AgentMessage, Enter } from '../agent/protocol.ts';
import { orNone } from '../facts/first-known.ts';
import { namesOf } from '../facts/interface-names.ts';
import { readingsOf } from '../facts/readings.ts';
import { interfaceReads } from '../facts/reads.ts';
import { addressesFact, linksFact } from '../facts/tables.ts';
import { isKnown } from '../model/fact.ts';
import { isUplink } from '../model/links.ts';
import type { Address, Link } from '../model/netns.ts';
import type { Vantage } from '../vantage/vantage.ts';
import { CannotCapture, type WatchedInterface } from './live.ts';

/** Interfaces of a namespace as they were read. */
export interface PlaceLinks {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
}

/** Seconds. */
const DEADLINE = 10;

/** Reads the interfaces by any agent. Rejects with CannotCapture when the place cannot be entered. */
export async function readLinks(vantage: Vantage, enter: Enter, signal?: AbortSignal): Promise<PlaceLinks> {
  const messages: AgentMessage[] = [];
  const place = { id: 'place', enter, reads: interfaceReads() };
  const job = { kind: 'observe' as const, deadline: DEADLINE, places: [place] };
  const end = await vantage.run(job, (message) => messages.push(message), signal);
  const refused = messages.find((message) => message.type === 'refused');
  if (refused?.type === 'refused') throw new CannotCapture(refused.error, 'other');
  const readings = readingsOf(messages, 'before');
  const links = linksFact(readings);
  if (!isKnown(links))
    throw new CannotCapture(end.problem ?? `its interfaces could not be read: ${links.unknown}`, 'other');
  return { links: links.value, addresses: orNone(addressesFact(readings, namesOf(links.value))) };
}

/**
 * The interfaces to watch: those that were named, else a node's NICs, or a pod's interfaces but lo. They must be up.
 * Returns what is wrong, when there is none.
 *
 * @param isHost of a node or machine, where pods' ends of veths and the like are left out
 */
export function chooseInterfaces(
  { links, addresses }: PlaceLinks,
  named: readonly string[],
  isHost: boolean,
): WatchedInterface[] | string {
  const missing = named.filter((name) => !links.some((link) => link.name === name));
  if (missing.length > 0)
    return `there is no interface ${missing.join(', ')} there; there are ${links.map(({ name }) => name).join(', ')}`;
  const up = links.filter(({ flags }) => flags.includes('UP'));
  const down = named.filter((name) => !up.some((link) => link.name === name));
  if (down.length > 0) return `interface ${down.join(', ')} is down there`;
  const outer = up.filter(({ flags }) => !flags.includes('LOOPBACK'));
  const nics = isHost ? outer.filter((link) => isUplink(link, links, addresses)) : outer;
  const chosen = named.length > 0 ? up.filter(({ name }) => named.includes(name)) : nics.length > 0 ? nics : outer;
  if (chosen.length === 0) return 'no interface but lo is up there';
  return chosen.map(({ name, mac, flags }) => ({
    name,
    ...(mac === undefined ? {} : { mac }),
    addresses: addresses
      .filter((address) => address.interface === name)
      .map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    join: flags.includes('MULTICAST'),
  }));
}
