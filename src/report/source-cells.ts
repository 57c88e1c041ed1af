/** A source as cells of a table. */
import type { DiscoveredSource } from '../discover/discovery.ts';
import type { Continuity } from '../discover/sequence.ts';

export const HEAD = ['SOURCE', 'GROUP', 'ON', 'STREAM', 'PKT/S', 'BIT/S', 'SIZE', 'TTL (HOPS)', 'MAC', 'LOST'];
/** Columns of numbers. */
export const NUMBERS = [4, 5, 6];

/** What cells are made of; rows of a live table have no times yet. */
export type ShownSource = Omit<DiscoveredSource, 'firstSeen' | 'lastSeen'>;

/**
 * @param hosts whether several places are told apart
 * @param doubtful whether the capture lost packets itself, so that missing ones may be its own
 */
export function sourceCells(source: ShownSource, hosts: boolean, doubtful: boolean): string[] {
  const { stream, out, vlan, severalMacs } = source;
  const where = `${source.interface}${vlan === undefined ? '' : ` vlan ${vlan}`}${out === true ? ' (out)' : ''}`;
  return [
    endpoint(source.source, source.sourcePort),
    endpoint(source.group, source.port),
    hosts ? `${where} of ${source.place}` : where,
    source.port === undefined && stream === undefined ? `protocol ${source.protocol}` : kindOf(source),
    rate(source.packetsPerSecond),
    rate(source.bitsPerSecond),
    source.smallest === source.largest ? `${source.largest}` : `${source.smallest}-${source.largest}`,
    source.ttls.map(({ ttl, hops }) => `${ttl} (${hops})`).join(' '),
    source.mac === undefined ? '-' : `${source.mac}${severalMacs === true ? ' +' : ''}`,
    lossOf(stream?.continuity, doubtful),
  ];
}

function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function kindOf({ stream }: ShownSource): string {
  if (stream === undefined) return '?';
  return stream.carries === undefined ? stream.kind : `${stream.kind} (${stream.carries})`;
}

/** Three digits and a unit. */
function rate(value: number | undefined): string {
  if (value === undefined) return '-';
  const [scaled, unit] =
    value >= 1e9
      ? [value / 1e9, 'G']
      : value >= 1e6
        ? [value / 1e6, 'M']
        : value >= 1e4
          ? [value / 1e3, 'k']
          : [value, ''];
  return `${scaled >= 100 ? Math.round(scaled) : Number(scaled.toPrecision(3))}${unit}`;
}

/** Of the outermost numbering: `0`, `12 (1.2 %)`; `-` where the stream does not number its packets. */
function lossOf(continuity: readonly Continuity[] | undefined, doubtful: boolean): string {
  const first = continuity?.[0];
  if (first === undefined) return '-';
  const total = first.lost + first.received;
  const share = first.lost === 0 || total === 0 ? '' : ` (${Number(((100 * first.lost) / total).toPrecision(2))} %)`;
  return `${first.lost}${share}${doubtful && first.lost > 0 ? ' ?' : ''}`;
}
