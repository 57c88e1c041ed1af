/** The routes that an attachment needs for what was found. */
import { contains, familyOf, hostPrefix, networkAddress } from '../model/address.ts';
import { isHousekeeping } from '../model/group.ts';

/** A route of `ipam.routes`. With a gateway of 0.0.0.0 it has link scope: without `gw`, host-local fills in the subnet's. */
export interface AnswerRoute {
  readonly dst: string;
  readonly gw: '0.0.0.0';
}

/** A source, and the subnet of the interface that it is in. */
export interface OnLink {
  readonly source: string;
  readonly subnet: string;
}

export interface Answer {
  /** For `ipam.routes` of the attachment to the network on which the groups were seen. */
  readonly routes: readonly AnswerRoute[];
  /** Sources that need no route. */
  readonly onLink: readonly OnLink[];
  /** What else there is to know: sentences. */
  readonly notes: readonly string[];
}

/** A source of a group, as far as routes go. */
export interface RoutedSource {
  readonly source: string;
  readonly group: string;
}

/** Most routes to sources: beyond, the network's owner must say from which prefix they come. */
const MOST_SOURCES = 64;

/**
 * @param found sources in the order of their importance
 * @param subnets prefixes of the attachment, or of the interfaces where they were seen (`172.31.0.11/24`)
 */
export function answerFor(found: readonly RoutedSource[], subnets: readonly string[]): Answer {
  const relevant = found.filter(({ group }) => !isHousekeeping(group));
  const groups4 = unique(relevant.filter(({ group }) => familyOf(group) === 4).map(({ group }) => group));
  const sources4 = unique(
    relevant.map(({ source }) => source).filter((source) => familyOf(source) === 4 && source !== '0.0.0.0'),
  );
  const prefixes = subnets.filter((prefix) => familyOf(prefix) === 4).map(networkOf);
  const onLink: OnLink[] = [];
  const away: string[] = [];
  for (const source of sources4) {
    const subnet = prefixes.find((prefix) => contains(prefix, source));
    if (subnet === undefined) away.push(source);
    else onLink.push({ source, subnet });
  }
  const notes: string[] = [];
  if (away.length > MOST_SOURCES)
    notes.push(
      `${away.length} sources are on no subnet of the interface; routes are given for the ${MOST_SOURCES} with most packets`,
    );
  if (away.length > 0 && prefixes.length === 0)
    notes.push(
      'no IPv4 subnet of the interface is known, so that every source gets a route; a source on the same subnet needs none: name the subnet by --subnet, or the attachment by --nad',
    );
  if (relevant.some(({ group }) => familyOf(group) === 6))
    notes.push(
      'IPv6 needs no routes in the attachment: it has no reverse-path filter, and every interface has ff00::/8. The application must name the interface in its join (ipv6mr_interface): without one, the kernel takes the first, which is eth0',
    );
  return {
    routes: [...groups4, ...away.slice(0, MOST_SOURCES)].map((address) => ({
      dst: hostPrefix(address),
      gw: '0.0.0.0',
    })),
    onLink,
    notes,
  };
}

function networkOf(prefix: string): string {
  const [address = '', length = '32'] = prefix.split('/');
  return `${networkAddress(address, Number(length))}/${length}`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
