import { describe, expect, it } from 'vitest';
import { movement } from '../../src/facts/movement.ts';
import { namespaceFacts } from '../../src/facts/namespace.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { NetnsFacts, UdpSocket } from '../../src/model/netns.ts';
import type { Firewall, FirewallRule } from '../../src/model/packet-filter.ts';
import { noFirewall, recorded, value } from './recorded.ts';

const base: NetnsFacts = namespaceFacts(recorded, 'before', noFirewall);

function moved(before: Partial<NetnsFacts>, after: Partial<NetnsFacts>) {
  return movement({ ...base, ...before }, { ...base, ...after });
}

describe('between two readings', () => {
  it('nothing moved when they are the same', () => {
    const still = movement({ ...base, firewall: known(firewall(5)) }, { ...base, firewall: known(firewall(5)) });
    expect(still).toEqual({ counters: known({}), sockets: known([]), links: known([]), firewall: known([]) });
  });

  it('counters grew, began anew or are new', () => {
    const found = moved(
      { counters: known({ 'Udp.RcvbufErrors': 3, 'Udp.NoPorts': 9, 'Ip.InReceives': 5 }) },
      { counters: known({ 'Udp.RcvbufErrors': 10, 'Udp.NoPorts': 1, 'Ip.InReceives': 5, 'Udp.MemErrors': 2 }) },
    );
    expect(found.counters).toEqual(known({ 'Udp.RcvbufErrors': 7 }));
  });

  it('sockets dropped datagrams, new ones also', () => {
    const [first] = value(base.sockets) as [UdpSocket];
    const at = { family: first.family, localAddress: first.localAddress, localPort: first.localPort };
    const found = moved(
      { sockets: known([first, { ...first, inode: 2, drops: 4 }]) },
      { sockets: known([first, { ...first, inode: 2, drops: 9 }, { ...first, inode: 3, drops: 1 }]) },
    );
    expect(found.sockets).toEqual(
      known([
        { ...at, inode: 2, drops: 5 },
        { ...at, inode: 3, drops: 1 },
      ]),
    );
  });

  it('interfaces counted, unless they were made anew', () => {
    const links = value(base.links);
    const counted = (change: number) =>
      known(
        links.map((link) =>
          link.name === 'net1' && link.stats
            ? { ...link, stats: { ...link.stats, multicast: link.stats.multicast + change } }
            : link,
        ),
      );
    const none = { rxPackets: 0, txPackets: 0, rxDropped: 0, rxErrors: 0, txDropped: 0, txErrors: 0 };
    expect(moved({}, { links: counted(6) }).links).toEqual(
      known([{ interface: 'net1', stats: { ...none, multicast: 6 } }]),
    );
    const net1 = links.filter((link) => link.name === 'net1');
    const anew = known(net1.map((link) => ({ ...link, stats: { ...none, multicast: 0, rxPackets: 99 } })));
    expect(moved({ links: counted(6) }, { links: anew }).links).toEqual(known([]));
    const other = known(links.map((link) => ({ ...link, index: link.index + 100 })));
    expect(moved({ links: other }, { links: counted(6) }).links).toEqual(known([]));
  });

  it('rules matched and policies were met', () => {
    const found = moved({ firewall: known(firewall(5)) }, { firewall: known(firewall(8)) });
    const chain = { family: 'ip', table: 'filter', chain: 'INPUT' };
    expect(found.firewall).toEqual(
      known([
        { ...chain, number: 2, text: '-A INPUT -d 239.0.0.0/8 -j DROP', packets: 3 },
        { ...chain, text: 'policy drop', packets: 3 },
      ]),
    );
  });

  it('what was not read twice is unknown, with the reason of the reading that failed', () => {
    expect(moved({ counters: unknown('a') }, { counters: unknown('b') }).counters).toEqual(unknown('a'));
    expect(moved({}, { sockets: unknown('b') }).sockets).toEqual(unknown('b'));
  });
});

function firewall(packets: number): Firewall {
  const rule = (number: number, text: string, count: number | undefined): FirewallRule => ({
    family: 'ip',
    table: 'filter',
    chain: 'INPUT',
    number,
    text,
    ...(count === undefined ? {} : { packets: count }),
    matches: [],
    verdict: 'drop',
  });
  return {
    tool: 'iptables-save',
    chains: [{ family: 'ip', table: 'filter', name: 'INPUT', hook: 'input', policy: 'drop', packets }],
    rules: [
      rule(1, '-A INPUT -j ACCEPT', 7),
      rule(2, '-A INPUT -d 239.0.0.0/8 -j DROP', packets),
      rule(3, 'counter-less', undefined),
    ],
  };
}
