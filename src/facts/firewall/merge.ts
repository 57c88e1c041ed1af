/** One packet filter from several listings of the same namespace. */
import type { Firewall } from '../../model/packet-filter.ts';

/**
 * Puts listings together. The rules of iptables-nft are also in nft's listing: iptables' own text is kept for them. Tables
 * of the legacy back end are others than nf_tables' of the same name, and are named `filter (legacy)` beside those.
 */
export function mergeFirewalls(listings: readonly Firewall[]): Firewall {
  const saved = listings.filter((listing) => listing.tool === 'iptables-nft');
  const covered = new Set(saved.flatMap((listing) => listing.chains.map(tableKey)));
  const native = listings.filter((listing) => listing.tool === 'nft').map((listing) => without(listing, covered));
  const taken = new Set([...saved, ...native].flatMap((listing) => listing.chains.map(tableKey)));
  const legacy = distinct(listings.filter((listing) => listing.tool === 'iptables-legacy')).map((listing) =>
    renamed(listing, taken),
  );
  const parts = [...saved, ...legacy, ...native];
  return {
    tool: [...new Set(parts.map((part) => part.tool))].join(', '),
    chains: parts.flatMap((part) => part.chains),
    rules: parts.flatMap((part) => part.rules),
  };
}

interface InTable {
  readonly family: string;
  readonly table: string;
}

function tableKey({ family, table }: InTable): string {
  return `${family} ${table}`;
}

function without(listing: Firewall, covered: ReadonlySet<string>): Firewall {
  const kept = (item: InTable) => !covered.has(tableKey(item));
  return { ...listing, chains: listing.chains.filter(kept), rules: listing.rules.filter(kept) };
}

/** `iptables-save` and `iptables-legacy-save` may be the same program: each table counts once. */
function distinct(listings: readonly Firewall[]): readonly Firewall[] {
  const seen = new Set<string>();
  return listings.map((listing) => {
    const fresh = without(listing, new Set(seen));
    for (const chain of listing.chains) seen.add(tableKey(chain));
    return fresh;
  });
}

function renamed(listing: Firewall, taken: ReadonlySet<string>): Firewall {
  const rename = <T extends InTable>(item: T): T =>
    taken.has(tableKey(item)) ? { ...item, table: `${item.table} (legacy)` } : item;
  return { ...listing, chains: listing.chains.map(rename), rules: listing.rules.map(rename) };
}
