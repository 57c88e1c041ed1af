/** The packet filter of a namespace, from the commands that an agent ran there. */
import { type Fact, known, unknown } from '../../model/fact.ts';
import type { Firewall } from '../../model/packet-filter.ts';
import type { CommandMessage } from '../readings.ts';
import { parseIptablesSave } from './iptables-save.ts';
import { mergeFirewalls } from './merge.ts';
import { parseNft } from './nft.ts';

/** A command's result, as far as it matters here. */
export type Listing = Pick<CommandMessage, 'name' | 'status' | 'stdout' | 'stderr'>;

/**
 * Reads and merges what was listed. `unseen` says what may exist beside it: nf_tables and the legacy back end are two filters,
 * and each tool sees one. Unknown when no command listed anything.
 */
export function parseFirewall(listings: readonly Listing[]): Fact<Firewall> {
  const read = listings.flatMap((listing) => parseListing(listing) ?? []);
  if (read.length === 0) return unknown(listings.map(failure).join('; ') || 'no tool lists the packet filter');
  const merged = mergeFirewalls(read);
  const unseen = [...unseenNfTables(read, listings), ...unseenLegacy(read, listings), ...unseenFamily(read)];
  return known(unseen.length === 0 ? merged : { ...merged, unseen });
}

function parseListing(listing: Listing): Firewall | undefined {
  if (listing.status !== 0) return undefined;
  if (listing.name === 'nft') return parseNftText(listing.stdout);
  return parseIptablesSave(listing.stdout, listing.name.startsWith('ip6') ? 'ip6' : 'ip');
}

/** nft without JSON support fails or prints its own language; then there is nothing to read. */
function parseNftText(text: string): Firewall | undefined {
  try {
    return parseNft(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function unseenNfTables(read: readonly Firewall[], listings: readonly Listing[]): string[] {
  if (read.some((firewall) => firewall.tool === 'nft')) return [];
  return [`nf_tables rules that are not iptables' (${reasonFor('nft', listings)})`];
}

/** iptables-nft warns of legacy tables; without the warning there are none. */
function unseenLegacy(read: readonly Firewall[], listings: readonly Listing[]): string[] {
  const present = listings.some((listing) => /legacy tables present/i.test(`${listing.stdout}\n${listing.stderr}`));
  if (!present || read.some((firewall) => firewall.tool === 'iptables-legacy')) return [];
  return [`legacy iptables rules (${reasonFor('iptables-legacy-save', listings)})`];
}

/** An IPv4 listing of the legacy back end says nothing of IPv6; nft lists both. */
function unseenFamily(read: readonly Firewall[]): string[] {
  const legacy = read.filter((firewall) => firewall.tool === 'iptables-legacy' && firewall.chains.length > 0);
  const families = new Set(legacy.flatMap((firewall) => firewall.chains.map((chain) => chain.family)));
  return families.has('ip') && !families.has('ip6') ? ['legacy ip6tables rules'] : [];
}

function reasonFor(name: string, listings: readonly Listing[]): string {
  const listing = listings.find((candidate) => candidate.name === name);
  return listing === undefined ? `${name} not found` : failure(listing);
}

function failure(listing: Listing): string {
  const [line = ''] = listing.stderr.trim().split('\n');
  return listing.status === 0
    ? `${listing.name}: its output could not be read`
    : `${listing.name}: ${line || `exit status ${listing.status}`}`;
}
