/** A packet filter as its tools list it: iptables of both back ends, and nft. */

/** One rule of a packet filter, as the listing gives it. */
export interface FirewallRule {
  /** The tool's own family: iptables `ip`/`ip6`; nft adds `inet`, `bridge`, `netdev`. */
  readonly family: 'ip' | 'ip6' | 'inet' | 'bridge' | 'netdev' | 'arp';
  readonly table: string;
  readonly chain: string;
  /** Position in its chain, from 1 (iptables' rule number). */
  readonly number: number;
  /** The rule as its tool prints it: `-A INPUT -d 239.0.0.0/8 -j DROP`, or nft's own text. */
  readonly text: string;
  readonly packets?: number;
  readonly bytes?: number;
  /** nft's handle. */
  readonly handle?: number;
  /** What is matched, one entry a condition. Conditions that are not understood have kind `other`, and may or may not match. */
  readonly matches: readonly FirewallMatch[];
  /** accept, drop, reject, return, jump, goto, continue (a rule without verdict), or other (NAT, mark, TTL …). */
  readonly verdict: 'accept' | 'drop' | 'reject' | 'return' | 'jump' | 'goto' | 'continue' | 'other';
  /** Chain for jump and goto; the target's name for other. */
  readonly target?: string;
}

/** A condition of a firewall rule. */
export type FirewallMatch =
  | { readonly kind: 'source' | 'destination'; readonly prefixes: readonly string[]; readonly invert?: boolean }
  | { readonly kind: 'input' | 'output'; readonly interfaces: readonly string[]; readonly invert?: boolean }
  | { readonly kind: 'protocol'; readonly protocols: readonly number[]; readonly invert?: boolean }
  | {
      readonly kind: 'source-port' | 'destination-port';
      readonly ranges: readonly (readonly [number, number])[];
      readonly invert?: boolean;
    }
  /** Types of ICMP, ICMPv6 or IGMP messages. */
  | {
      readonly kind: 'message-type';
      readonly ranges: readonly (readonly [number, number])[];
      readonly invert?: boolean;
    }
  | { readonly kind: 'packet-type'; readonly type: string; readonly invert?: boolean }
  | { readonly kind: 'destination-type'; readonly type: string; readonly invert?: boolean }
  | { readonly kind: 'state'; readonly states: readonly string[]; readonly invert?: boolean }
  | { readonly kind: 'other'; readonly text: string };

/** A chain; base chains have a hook, a priority and a policy. */
export interface FirewallChain {
  readonly family: FirewallRule['family'];
  readonly table: string;
  readonly name: string;
  readonly hook?: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';
  readonly priority?: number;
  /** Interfaces that a chain at ingress or egress is bound to (netdev, and inet at ingress); `*` at the end stands for any ending. */
  readonly devices?: readonly string[];
  readonly policy?: 'accept' | 'drop';
  /** Packets that met the policy, where the tool counts them. */
  readonly packets?: number;
}

/** The packet filter of a namespace: what was listed by which tool. */
export interface Firewall {
  readonly tool: string;
  /** What may exist beside it and could not be listed, a sentence part each: `the nf_tables rules (nft: not found)`. */
  readonly unseen?: readonly string[];
  readonly chains: readonly FirewallChain[];
  readonly rules: readonly FirewallRule[];
}
