/** The options of iptables that say what a rule matches, as far as they matter for multicast. */
import { rangeToPrefixes } from '../../model/ip-number.ts';
import type { FirewallMatch } from '../../model/packet-filter.ts';
import { messageNumber, numeric, protocolNumber } from './protocols.ts';

/** Where an option stands. */
interface Context {
  readonly invert: boolean;
  /** The protocol that the rule asks for. */
  readonly protocol: number | undefined;
}

/** Reads an option's value: its conditions (none when it always matches), or `undefined` when the value is not understood. */
type Option = (value: string, context: Context) => readonly FirewallMatch[] | undefined;

/** By name as iptables-save prints it. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  '-s': address('source'),
  '-d': address('destination'),
  '--src-range': addressRange('source'),
  '--dst-range': addressRange('destination'),
  '-i': device('input'),
  '-o': device('output'),
  '-p': protocol,
  '--sport': ports('source-port'),
  '--dport': ports('destination-port'),
  '--sports': ports('source-port'),
  '--dports': ports('destination-port'),
  '--icmp-type': message,
  '--icmpv6-type': message,
  '--pkt-type': (value, { invert }) => [
    { kind: 'packet-type', type: value === 'host' ? 'unicast' : value, ...inverted(invert) },
  ],
  '--dst-type': (value, { invert }) => [{ kind: 'destination-type', type: value.toLowerCase(), ...inverted(invert) }],
  '--ctstate': state,
  '--state': state,
  '--comment': () => [],
};

function address(kind: 'source' | 'destination'): Option {
  return (value, { invert }) => {
    // A mask with holes is printed as such: 10.0.0.1/255.0.0.255.
    const plain = /^[0-9a-f.:]+(\/\d{1,3})?$/i.test(value);
    return plain
      ? [{ kind, prefixes: [value.includes('/') ? value : hostPrefix(value)], ...inverted(invert) }]
      : undefined;
  };
}

function hostPrefix(value: string): string {
  return `${value}/${value.includes(':') ? 128 : 32}`;
}

function addressRange(kind: 'source' | 'destination'): Option {
  return (value, { invert }) => {
    const [first = '', last = ''] = value.split('-');
    const prefixes = rangeToPrefixes(first, last);
    return prefixes.length === 0 ? undefined : [{ kind, prefixes, ...inverted(invert) }];
  };
}

/** A name ending in `+` stands for all names that begin so; here that is `*`, as in nft. */
function device(kind: 'input' | 'output'): Option {
  return (value, { invert }) => [{ kind, interfaces: [value.replace(/\+$/, '*')], ...inverted(invert) }];
}

function protocol(value: string, { invert }: Context): readonly FirewallMatch[] | undefined {
  if (value === 'all' || value === '0') return [];
  const number = protocolNumber(value);
  return number === undefined ? undefined : [{ kind: 'protocol', protocols: [number], ...inverted(invert) }];
}

/** `5007`, `5000:5010`, `1024:`; several by commas with -m multiport. */
function ports(kind: 'source-port' | 'destination-port'): Option {
  return (value, { invert }) => {
    const ranges = value.split(',').map((part): readonly [number, number] | undefined => {
      const [first = '', last = first] = part.split(':');
      const from = first === '' ? 0 : numeric(first);
      const to = last === '' ? 65535 : numeric(last);
      return from === undefined || to === undefined ? undefined : [from, to];
    });
    const read = ranges.filter((range) => range !== undefined);
    return read.length < ranges.length ? undefined : [{ kind, ranges: read, ...inverted(invert) }];
  };
}

/** `130` or `3/4`: type and code. A code narrows the condition to something that is not known. */
function message(value: string, { invert, protocol: of }: Context): readonly FirewallMatch[] | undefined {
  if (value === 'any') return [];
  const [type = '', code] = value.split('/');
  const number = messageNumber(type, of ?? 58);
  if (number === undefined || code !== undefined) return undefined;
  return [{ kind: 'message-type', ranges: [[number, number]], ...inverted(invert) }];
}

function state(value: string, { invert }: Context): readonly FirewallMatch[] {
  return [{ kind: 'state', states: value.toLowerCase().split(','), ...inverted(invert) }];
}

function inverted(invert: boolean): { readonly invert?: true } {
  return invert ? { invert: true } : {};
}
