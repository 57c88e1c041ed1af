import { describe, expect, it } from 'vitest';
import type { PlaceOutcome } from '../../src/capture/watch-all.ts';
import type { SeenSource } from '../../src/discover/account.ts';
import { buildDiscovery } from '../../src/discover/build.ts';
import type { Member, Querier } from '../../src/discover/membership-table.ts';
import { discoveryText } from '../../src/report/discovery-text.ts';
import { style } from '../../src/report/style.ts';

const plain = style(110, false);

const SOURCE: SeenSource = {
  interface: 'eth1',
  family: 4,
  protocol: 17,
  source: '10.9.9.9',
  sourcePort: 4000,
  group: '239.1.2.3',
  port: 5007,
  packets: 1000,
  bytes: 1_356_000,
  smallest: 100,
  largest: 1356,
  fragments: 0,
  ttls: [{ ttl: 14, initial: 16, hops: 2 }],
  mac: '02:00:00:00:00:05',
  severalMacs: true,
  first: 1_700_000_000,
  last: 1_700_000_001,
  packetsPerSecond: 1234.5,
  bitsPerSecond: 13_400_000,
  stream: {
    kind: 'rtp',
    confidence: 0.98,
    carries: 'mpeg-ts',
    continuity: [{ of: 'rtp', received: 997, lost: 3, gaps: 2, reordered: 0, duplicates: 0, restarts: 0 }],
  },
};
const WHERE = { interface: 'eth1', family: 4 as const, last: 1_700_000_000 };
const QUERIER: Querier = {
  ...WHERE,
  address: '172.31.0.1',
  version: 'igmpv2',
  queries: 1,
  interval: { seconds: 125, known: 'announced' },
};
const MEMBER: Member = {
  ...WHERE,
  address: '172.31.0.100',
  group: '239.1.2.3',
  version: 'igmpv3',
  sources: [],
  excludes: true,
};

interface Wishes {
  readonly sources?: readonly SeenSource[];
  readonly members?: readonly Member[];
  readonly queriers?: readonly Querier[];
  readonly lost?: number;
  readonly overflow?: number;
}

function place(
  name: string,
  { sources = [SOURCE], members = [], queriers = [], lost = 0, overflow = 0 }: Wishes = {},
): PlaceOutcome {
  const addresses = ['172.31.0.11/24'];
  return {
    place: { name },
    vantage: `node pod on ${name}`,
    interfaces: ['eth0', 'eth1'].map((iface) => ({ name: iface, addresses, join: true })),
    began: { interfaces: ['eth0', 'eth1'], failures: [], joins: [{ group: '239.1.2.3', interface: 'eth1' }] },
    tally: {
      lost,
      written: 0,
      report: {
        sources,
        rows: sources.length,
        overflow: { rows: overflow, packets: overflow * 2, bytes: 0 },
        membership: { queriers, members, overflow: 0 },
        first: 1_700_000_000,
        last: 1_700_000_002.5,
        packets: 1003,
      },
    },
  };
}

function text(...outcomes: PlaceOutcome[]): string {
  const queries = [{ family: 4 as const, prefix: '239.1.2.3/32' }];
  return discoveryText(buildDiscovery({ version: '1', now: new Date(0), queries, outcomes }), plain);
}

describe('a discovery as text', () => {
  it('is a table of sources, where they are, and the routes', () => {
    const lines = text(
      place('node/node1', { queriers: [QUERIER], members: [MEMBER] }),
      place('node/node2', { sources: [] }),
    ).split('\n');
    expect(lines[1]?.split(/ {2,}/)).toEqual([
      '10.9.9.9:4000',
      '239.1.2.3:5007',
      'eth1 of node/node1',
      'rtp (mpeg-ts)',
      '1235',
      '13.4M',
      '100-1356',
      '14 (2)',
      '02:00:00:00:00:05 +',
      '3 (0.3 %)',
    ]);
    const rest = lines.join('\n').replace(/\n +/g, ' ');
    expect(rest).toContain(
      '239.1.2.3:5007 comes in on eth1 of node/node1, not on eth0 of node/node1 and node/node2, eth1 of node/node2',
    );
    expect(rest).toContain('igmpv2 querier 172.31.0.1 on eth1 of node/node1, every 125 s (announced)');
    expect(rest).toContain('239.1.2.3 joined on eth1 of node/node1 (igmpv3) by 172.31.0.100');
    expect(lines).toContain('  {"dst": "10.9.9.9/32", "gw": "0.0.0.0"}');
  });

  it('leaves out kmcast itself, those who left, and what every host joins', () => {
    const members = [
      { ...MEMBER, address: '172.31.0.11' },
      { ...MEMBER, left: true as const },
      { ...MEMBER, group: '224.0.0.251' },
    ];
    expect(text(place('node/node1', { members }))).not.toContain('joined on');
  });

  it('says when the capture lost packets, and when the table was full', () => {
    const said = text(place('node/node1', { lost: 7, overflow: 9 })).replace(/\n +/g, ' ');
    expect(said).toContain('the capture lost 7 packets: rates are too low, and losses may be its own');
    expect(said).toContain('18 packets of 9 further sources had no room');
    expect(said).toContain('3 (0.3 %) ?');
  });

  it('tells nothing found from nothing watched', () => {
    const failed: PlaceOutcome = {
      place: { name: 'node/node1' },
      interfaces: [],
      problem: 'no right',
      kind: 'no-right',
    };
    expect(text(place('node/node1', { sources: [] }))).toMatch(/^NO SOURCE of 239\.1\.2\.3 was seen\n/);
    expect(text(failed)).toMatch(/^NOTHING WAS WATCHED\n/);
    expect(text(failed)).toContain('node/node1: not watched: no right');
    expect(text(failed)).not.toContain('routes');
  });

  it('shows what could drive a terminal instead of sending it', () => {
    expect(text(place('pod/\u001b[2J'))).not.toContain('\u001b');
  });
});

describe('a discovery', () => {
  it('asks the attachment where it is on-link, and only for what is seen on its parent', () => {
    const config = {
      type: 'macvlan',
      master: 'eth1',
      subnets: ['10.9.0.0/16'],
      routes: [],
      misplacedRoutes: [],
      chain: ['macvlan'],
    };
    const json = { type: 'macvlan', master: 'eth1', ipam: { type: 'static' } };
    const elsewhere = { ...SOURCE, interface: 'eth0', source: '192.0.2.1', group: '239.9.9.9' };
    const outcomes = [place('node/node1', { sources: [SOURCE, elsewhere] })];
    const nad = { namespace: 'a', name: 'b', config: { ...config, json } };
    const { answer } = buildDiscovery({ version: '1', now: new Date(0), queries: [], outcomes, nad });
    expect(answer.routes.map(({ dst }) => dst)).toEqual(['239.1.2.3/32']);
    expect(answer.onLink).toEqual([{ source: '10.9.9.9', subnet: '10.9.0.0/16' }]);
    expect(answer.attachment?.config).toEqual({ ...json, ipam: { type: 'static', routes: answer.routes } });
  });

  it('takes subnets that the operator names as on-link, beside those that are known', () => {
    const input = { version: '1', now: new Date(0), queries: [], outcomes: [place('node/node1')] };
    expect(buildDiscovery(input).answer.onLink).toEqual([]);
    const { answer } = buildDiscovery({ ...input, subnets: ['10.9.9.0/24'] });
    expect(answer.onLink).toEqual([{ source: '10.9.9.9', subnet: '10.9.9.0/24' }]);
    expect(answer.routes).toEqual([{ dst: '239.1.2.3/32', gw: '0.0.0.0' }]);
  });

  it('does not take what goes out for what comes in', () => {
    const outcomes = [place('node/node1', { sources: [{ ...SOURCE, out: true }] })];
    const { sightings } = buildDiscovery({ version: '1', now: new Date(0), queries: [], outcomes });
    expect(sightings[0]?.seenOn).toEqual([]);
    expect(text(...outcomes)).toContain('comes in nowhere: it was only seen going out');
  });

  it('tells nothing of other places when the first source ended the look', () => {
    const outcomes = [place('node/node1', { sources: [SOURCE] }), place('node/node2', { sources: [] })];
    const input = { version: '1', now: new Date(0), queries: [], outcomes };
    expect(buildDiscovery(input).sightings[0]?.notSeenOn).not.toEqual([]);
    const short = buildDiscovery({ ...input, cutShort: true });
    expect(short.sightings[0]).toMatchObject({ seenOn: [{ place: 'node/node1' }], notSeenOn: [] });
    expect(discoveryText(short, plain)).not.toContain(', not on');
  });
});
