/** Commands that let something through a packet filter: one narrow accept before what stops it, nothing of the operator's removed. */

import { hostPrefix } from '../model/address.ts';
import type { Datagram, Stopper } from '../model/firewall.ts';
import { quote } from './shell.ts';

export interface AcceptCommand {
  readonly run: string;
  readonly undo: string;
}

/** @param tool what listed the filter (`Firewall.tool`); decides between the iptables back ends. */
export function acceptCommand(by: Stopper, datagram: Datagram, tool: string): AcceptCommand {
  const { family, table, chain, number, handle } =
    by.kind === 'rule' ? { ...by.rule } : { ...by.chain, chain: by.chain.name, number: 1, handle: undefined };
  const isLegacy = table.endsWith(LEGACY) || (tool.includes('iptables-legacy') && !tool.includes('iptables-nft'));
  // iptables prints its rules as its own options, nft in its language; only base chains, which iptables names in capitals, have policies.
  const isIptables =
    tool.includes('iptables') &&
    (by.kind === 'rule' ? by.rule.text.startsWith('-A ') : /^(ip|ip6)$/.test(family) && /^[A-Z]+$/.test(chain));
  if (!isIptables) return byNft(family, table, chain, handle, datagram);
  const program = `${family === 'ip6' ? 'ip6tables' : 'iptables'}${isLegacy ? '-legacy' : ''}`;
  return byIptables(program, table.replace(LEGACY, ''), chain, number, datagram);
}

/** How a legacy table is named beside an nf_tables one of the same name (`mergeFirewalls`). */
const LEGACY = ' (legacy)';

function byIptables(program: string, table: string, chain: string, number: number, datagram: Datagram): AcceptCommand {
  const base = table === 'filter' ? program : `${program} -t ${quote(table)}`;
  const side =
    datagram.inputInterface === undefined
      ? datagram.outputInterface === undefined
        ? ''
        : ` -o ${quote(datagram.outputInterface)}`
      : ` -i ${quote(datagram.inputInterface)}`;
  const what =
    datagram.protocol === 17
      ? ` -d ${hostPrefix(datagram.destination)} -p udp${datagram.destinationPort === undefined ? '' : ` --dport ${datagram.destinationPort}`}`
      : datagram.family === 6
        ? ' -p ipv6-icmp'
        : ' -p igmp';
  const match = `${side}${what} -j ACCEPT`;
  return { run: `${base} -I ${quote(chain)} ${number}${match}`, undo: `${base} -D ${quote(chain)}${match}` };
}

function byNft(
  family: string,
  table: string,
  chain: string,
  handle: number | undefined,
  datagram: Datagram,
): AcceptCommand {
  const ip = datagram.family === 6 ? 'ip6' : 'ip';
  const what =
    datagram.protocol === 17
      ? `${ip} daddr ${datagram.destination} udp${datagram.destinationPort === undefined ? ' dport 1-65535' : ` dport ${datagram.destinationPort}`}`
      : datagram.family === 6
        ? 'meta l4proto ipv6-icmp'
        : 'meta l4proto igmp';
  const place = `${quote(family)} ${quote(table)} ${quote(chain)}`;
  const before = handle === undefined ? '' : ` position ${handle}`;
  return {
    run: `nft insert rule ${place}${before} ${what} accept`,
    undo: `nft -a list chain ${place}   # then: nft delete rule ${place} handle N`,
  };
}
