import { describe, expect, test } from 'vitest';
import { decode } from '../../src/capture/decode/decode.ts';
import { isExtension } from '../../src/capture/decode/extensions.ts';
import { corpus, cutCorpus, type Sample } from './corpus.ts';
import { type Opinion, ourOpinion, TSHARK_FIELDS, type TsharkPacket, tsharkOpinion } from './opinions.ts';
import { asPcapng, tsharkFields } from './tshark.ts';

const ours = ({ data, linkType, wireLength }: Sample) => decode(data, linkType, { wireLength, checksums: true });

type Compare = (sample: Sample, mine: Opinion, theirs: TsharkPacket) => unknown;

function disagreements(samples: readonly Sample[], compare: Compare): string[] {
  const theirs = tsharkFields(asPcapng(samples), TSHARK_FIELDS);
  expect(theirs).toHaveLength(samples.length);
  return samples.flatMap((sample, i) => {
    const difference = compare(sample, ourOpinion(ours(sample)), theirs[i]!);
    return difference === undefined ? [] : [`${sample.name}: ${JSON.stringify(difference)}`];
  });
}

function differences(mine: Opinion, theirs: Opinion, keys: Iterable<string>): Record<string, unknown> | undefined {
  const differing = [...keys]
    .filter((key) => mine[key] !== theirs[key])
    .map((key) => [key, { ours: mine[key], tshark: theirs[key] }]);
  return differing.length === 0 ? undefined : Object.fromEntries(differing);
}

/**
 * Fields of a cut packet that both know, and know differently. Left out: what each reads as far as it goes in its own way
 * (lists, verdicts on checksums, whether an option is among those that were cut, the protocol behind a cut extension
 * header), and the version of a query, which tshark takes from the bytes that are left and kmcast from the IP header's length.
 */
function partDifferences(mine: Opinion, theirs: Opinion): Record<string, unknown> | undefined {
  const broken = [
    'checksum.transport',
    'ip.routerAlert',
    'vlans',
    'membership.type',
    'membership.maxResponse',
    'membership.records',
    'membership.sources',
  ];
  if (isExtension(Number(mine['ip.protocol']))) broken.push('ip.protocol', 'ip.extensions');
  return differences(
    mine,
    theirs,
    Object.keys(mine).filter((key) => theirs[key] !== undefined && !broken.includes(key)),
  );
}

const isMalformed = (packet: TsharkPacket) =>
  [
    packet['_ws.malformed'],
    packet['ip.bogus_ip_length'],
    packet['ipv6.plen_exceeds_framing'],
    packet['udp.length.bad'],
  ].some(({ length }) => length > 0);

describe('agreement with tshark', { timeout: 60_000 }, () => {
  test('in every field of every combination of layers', () => {
    const samples = corpus();
    expect(samples.length).toBeGreaterThan(4000);
    const found = disagreements(samples, (_, mine, packet) => {
      const theirs = tsharkOpinion(packet);
      return differences(mine, theirs, new Set([...Object.keys(mine), ...Object.keys(theirs)]));
    });
    expect(found.slice(0, 20)).toEqual([]);
    expect(samples.filter((sample) => ours(sample).problem !== undefined).map(({ name }) => name)).toEqual([]);
  });

  test('in all that it says of packets cut by the snap length, and where it calls them truncated', () => {
    const found = disagreements(cutCorpus(), (sample, mine, packet) => {
      const { problem } = ours(sample);
      // tshark stops without a word where the sources of an MLDv2 query are cut off.
      if (problem?.kind === 'truncated' && packet['_ws.short'].length === 0 && problem.layer !== 'mld')
        return 'truncated for kmcast alone';
      if (problem?.kind === 'malformed') return 'malformed for kmcast';
      return partDifferences(mine, tsharkOpinion(packet));
    });
    expect(found.slice(0, 20)).toEqual([]);
  });

  test('in all that it says of packets that were too short already on the wire, and where it calls them malformed', () => {
    const short = cutCorpus().map((sample) => ({ ...sample, wireLength: sample.data.length }));
    const found = disagreements(short, (sample, mine, packet) => {
      const problem = ours(sample).problem?.kind;
      if (problem === 'truncated') return 'truncated for kmcast';
      if ((problem === 'malformed') !== isMalformed(packet))
        return `malformed for ${problem ? 'kmcast' : 'tshark'} alone`;
      return partDifferences(mine, tsharkOpinion(packet));
    });
    expect(found.slice(0, 20)).toEqual([]);
  });
});
