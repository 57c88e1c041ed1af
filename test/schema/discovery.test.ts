/** docs/schema/discovery.json, held to what discover-source really says of captures, live watches and attachments. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ETHERNET, RAW } from '../../src/capture/decode/link-types.ts';
import { readCapturePlace } from '../../src/capture/file-watch.ts';
import type { PlaceOutcome } from '../../src/capture/watch-all.ts';
import { type BuildInput, buildDiscovery } from '../../src/discover/build.ts';
import type { Discovery } from '../../src/discover/discovery.ts';
import { parseNadConfig } from '../../src/model/nad.ts';
import { be16, be32, bytes, ethernet, igmp, ipv4, udp } from '../capture/build.ts';
import { type Sample as CorpusSample, corpus, cutCorpus } from '../capture/corpus.ts';
import { asPcapng } from '../capture/tshark.ts';
import { SAMPLES } from '../discover/samples.ts';
import { discoveryErrors as errors } from '../helpers/discovery-schema.ts';

const FIXTURE = fileURLToPath(new URL('../capture/fixtures/linux-join-sll2.pcap', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kmcast-schema-'));
const captures: Record<string, string> = {
  'a real join': FIXTURE,
  'every combination of layers': join(folder, 'corpus.pcapng'),
  'packets that are cut': join(folder, 'cut.pcapng'),
  'every kind of stream, and a querier': join(folder, 'streams.pcapng'),
};
const CAPTURES = Object.keys(captures);

beforeAll(() => {
  writeFileSync(captures[CAPTURES[1]!]!, asPcapng(corpus()));
  writeFileSync(captures[CAPTURES[2]!]!, asPcapng(cutCorpus()));
  writeFileSync(captures[CAPTURES[3]!]!, asPcapng(streams()));
});
afterAll(() => rmSync(folder, { recursive: true }));

function streams(): CorpusSample[] {
  const sample = (name: string, data: Uint8Array, linkType = RAW): CorpusSample => ({
    name,
    data,
    linkType,
    wireLength: data.length,
  });
  const ends = { source: '10.0.0.5', destination: '239.1.2.3' };
  const known = SAMPLES.map(({ payload, port }) => sample('known', ipv4(ends, 17, udp(ends, 4000, port, payload))));
  const ts = bytes(...Array<Uint8Array>(3).fill(bytes(0x47, 1, 0, 0x10, new Uint8Array(184))));
  const rtp = [1, 2, 5, 6].map((n) => bytes(0x80, 33, be16(n), be32(n), be32(7), ts));
  const query = ipv4(
    { source: '0.0.0.0', destination: '224.0.0.1' },
    2,
    igmp(0x11, 100, bytes(be32(0), 2, 20, be16(0))),
  );
  const framed = (mac: string) =>
    ethernet('01:00:5e:01:02:03', mac, [{ protocol: 0x8100, control: 7 }], 0x0800, ipv4(ends, 89, ts));
  return [
    ...known,
    ...rtp.map((payload) => sample('rtp', ipv4(ends, 17, udp(ends, 5004, 5004, payload)))),
    sample('query', query),
    ...['02:00:00:00:00:01', '02:00:00:00:00:02'].map((mac) => sample('framed', framed(mac), ETHERNET)),
  ];
}

function document(outcomes: readonly PlaceOutcome[], more: Partial<BuildInput> = {}): Discovery {
  return buildDiscovery({ version: '1', now: new Date(0), queries: [], outcomes, ...more });
}

async function read(name: string): Promise<PlaceOutcome> {
  return readCapturePlace(captures[name]!, { queries: [], onFresh: () => {}, signal: new AbortController().signal });
}

const FAILED: PlaceOutcome = { place: { name: 'node/n' }, interfaces: [], problem: 'forbidden', kind: 'no-right' };
const LIVE: PlaceOutcome = {
  place: { name: 'node/m' },
  vantage: 'node pod kmcast-1 on m',
  interfaces: [{ name: 'eth1', addresses: ['172.31.0.11/24', 'fe80::1/64'], join: true }],
  began: {
    interfaces: [],
    failures: [{ interface: 'eth1', error: 'it is down' }],
    joins: [
      { group: '232.1.1.1', source: '10.0.0.5', interface: 'eth1' },
      { group: '239.1.2.3', interface: 'eth1', error: 'no such device' },
    ],
  },
};

describe('a discovery', () => {
  it.each(CAPTURES)('of %s is as documented', async (name) => {
    const outcome = await read(name);
    expect(errors(document([outcome]))).toEqual([]);
    const several = document([outcome, FAILED, LIVE], { subnets: ['10.0.0.0/8'] });
    expect(errors(several)).toEqual([]);
  });

  it('of all captures shows what there is to show', async () => {
    const all = document(await Promise.all(CAPTURES.map(read)));
    const { queriers, members } = all.membership;
    for (const list of [all.sources, all.sightings, queriers, members, all.answer.routes])
      expect(list.length).toBeGreaterThan(0);
    for (const field of ['vlan', 'port', 'mac', 'severalMacs', 'packetsPerSecond', 'stream'] as const)
      expect([field, all.sources.some((source) => source[field] !== undefined)]).toEqual([field, true]);
    expect(all.sources.some(({ stream }) => (stream?.continuity?.length ?? 0) > 1)).toBe(true);
  });

  it('with an attachment is as documented', async () => {
    const config = parseNadConfig(JSON.stringify({ type: 'macvlan', master: 'eth1', ipam: { type: 'static' } }));
    if (typeof config === 'string') throw new Error(config);
    const nad = { namespace: 'a', name: 'b', config };
    const made = document(await Promise.all(CAPTURES.map(read)), { nad });
    expect(made.answer.attachment?.changed).toBe(true);
    expect(errors(made)).toEqual([]);
  });

  it('is refused where it says what is not documented', async () => {
    const good = document(await Promise.all(CAPTURES.map(read)));
    const [source] = good.sources;
    const wrong: object[] = [
      { ...good, extra: 1 },
      { ...good, kind: 'Diagnosis' },
      { ...good, time: 'yesterday' },
      { ...good, sources: [{ ...source, group: 'everybody' }] },
      { ...good, sources: [{ ...source, out: false }] },
      { ...good, sources: [{ ...source, packets: -1 }] },
      { ...good, places: [{ ...good.places[0], lost: undefined }] },
      { ...good, answer: { ...good.answer, routes: [{ dst: '239.1.2.3', gw: '0.0.0.0' }] } },
    ];
    expect(errors(good)).toEqual([]);
    for (const [i, discovery] of wrong.entries()) expect(errors(discovery), String(i)).not.toEqual([]);
  });
});
