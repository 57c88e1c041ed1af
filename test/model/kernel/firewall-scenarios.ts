/** Random iptables rules with conditions that the model understands, and a few that it does not; datagrams to try them. */
import fc from 'fast-check';
import type { Datagram } from '../../../src/model/firewall.ts';

/** What `fw_oracle.py` is given. */
export interface Scenario {
  readonly rules: Readonly<Record<4 | 6, string>>;
  readonly datagrams: readonly (Omit<Datagram, 'hook'> & { readonly way: 'in' | 'out' })[];
}

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = (arb: fc.Arbitrary<string>, every: number) =>
  fc.integer({ min: 1, max: every }).chain((n) => (n === 1 ? arb : fc.constant('')));
const words = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((list) => list.filter(Boolean).join(' '));
const not = maybe(fc.constant('!'), 4);

function conditions(six: boolean, place: 'in' | 'out'): fc.Arbitrary<string> {
  const sources = six
    ? ['fd00::7', 'fd00::/64', 'fd00::2', 'fd00::7']
    : ['10.1.0.7', '10.1.0.0/24', '172.31.0.0/16', '10.1.0.2'];
  const groups = six
    ? ['ff15::1', 'ff15::/16', 'ff00::/8', 'ff02::1']
    : ['239.1.2.3', '239.0.0.0/8', '224.0.0.0/4', '224.0.0.1'];
  const range = six ? 'ff15::1-ff15::9' : '239.1.2.0-239.1.2.9';
  const udp = pick(
    '-m udp --dport 5007',
    '-m udp --dport 5000:5010',
    '-m udp ! --dport 5007',
    '-m multiport --dports 5007,6000:6010',
    '-m multiport ! --sports 4000',
    '-m udp --sport 4000',
  );
  const message = six
    ? pick('-p ipv6-icmp -m icmp6 --icmpv6-type 130', '-p ipv6-icmp', '-p ipv6-icmp -m icmp6 ! --icmpv6-type 143')
    : pick('-p igmp', '! -p igmp', '-p 2');
  return words(
    maybe(
      words(
        not,
        pick(...sources).map((a) => `-s ${a}`),
      ),
      4,
    ),
    maybe(
      words(
        not,
        pick(...groups).map((a) => `-d ${a}`),
      ),
      3,
    ),
    maybe(
      words(
        not,
        pick('net1', 'net+', 'eth0', 'lo').map((name) => `${place === 'in' ? '-i' : '-o'} ${name}`),
      ),
      4,
    ),
    maybe(
      fc.oneof(
        udp.map((text) => `-p udp ${text}`),
        fc.constant('-p udp'),
        message,
      ),
      2,
    ),
    maybe(
      words(
        fc.constant('-m addrtype'),
        not,
        pick('MULTICAST', 'UNICAST', ...(six ? [] : ['LOCAL,MULTICAST'])).map((type) => `--dst-type ${type}`),
      ),
      6,
    ),
    maybe(
      words(
        fc.constant('-m pkttype'),
        not,
        pick('multicast', 'unicast').map((type) => `--pkt-type ${type}`),
      ),
      6,
    ),
    maybe(
      words(
        fc.constant('-m conntrack'),
        not,
        pick('NEW', 'ESTABLISHED,RELATED', 'INVALID', 'NEW,UNTRACKED').map((state) => `--ctstate ${state}`),
      ),
      5,
    ),
    maybe(words(fc.constant('-m iprange'), not, fc.constant(`--dst-range ${range}`)), 9),
    maybe(fc.constant('-m length --length 0:40'), 12),
  );
}

function rules(
  six: boolean,
  chain: string,
  place: 'in' | 'out',
  targets: readonly string[],
  most: number,
): fc.Arbitrary<string[]> {
  const rule = words(fc.constant(`-A ${chain}`), conditions(six, place), pick(...targets));
  return fc.array(rule, { maxLength: most });
}

function table(six: boolean): fc.Arbitrary<string> {
  const plain = ['-j ACCEPT', '-j DROP'];
  const user = [...plain, '-j RETURN', '-j MARK --set-mark 1', ''];
  const base = [...plain, '-j ONE', '-g ONE', '-j RETURN'];
  // -i is refused in OUTPUT and -o in INPUT: each has chains of its own to jump to.
  return fc
    .tuple(
      rules(six, 'PREROUTING', 'in', ['-j CT --notrack', '-j ACCEPT', '-j DROP'], 2),
      rules(six, 'PREROUTING', 'in', ['-j MARK --set-mark 1', '-j ACCEPT', '-j DROP'], 1),
      rules(six, 'INPUT', 'in', base, 5),
      rules(six, 'ONE', 'in', [...user, '-j DEEP', '-g DEEP'], 4),
      rules(six, 'DEEP', 'in', user, 3),
      rules(six, 'OUTPUT', 'out', [...plain, '-j TWO', '-g TWO', '-j RETURN'], 5),
      rules(six, 'TWO', 'out', user, 3),
      fc.tuple(pick('ACCEPT', 'ACCEPT', 'DROP'), pick('ACCEPT', 'ACCEPT', 'DROP')),
    )
    .map(([raw, mangle, input, one, deep, output, two, [inPolicy, outPolicy]]) =>
      [
        '*raw',
        ...raw,
        'COMMIT',
        '*mangle',
        ...mangle,
        'COMMIT',
        '*filter',
        `:INPUT ${inPolicy}`,
        `:OUTPUT ${outPolicy}`,
        ':ONE -',
        ':DEEP -',
        ':TWO -',
        ...input,
        ...one,
        ...deep,
        ...output,
        ...two,
        'COMMIT',
        '',
      ].join('\n'),
    );
}

function datagram(six: boolean): fc.Arbitrary<Scenario['datagrams'][number]> {
  const udp = fc.record({
    protocol: fc.constant(17),
    destination: six ? pick('ff15::1', 'ff15::99', 'ff02::fb') : pick('239.1.2.3', '239.9.9.9', '224.0.0.251'),
    sourcePort: pick(4000, 4001),
    destinationPort: pick(5007, 5008, 6005, 7000),
  });
  const message = fc.record({
    protocol: fc.constant(six ? 58 : 2),
    destination: six ? pick('ff02::1', 'ff15::1') : pick('224.0.0.1', '239.1.2.3'),
    messageType: six ? pick(130, 131, 143) : pick(0x11, 0x16),
  });
  return fc
    .tuple(
      fc.oneof({ weight: 3, arbitrary: udp }, { weight: 1, arbitrary: message }),
      pick('in' as const, 'in' as const, 'out' as const),
      six ? pick('fd00::7', 'fd00::8') : pick('10.1.0.7', '10.1.0.8', '172.31.9.9'),
    )
    .map(([part, way, source]) => ({
      family: six ? (6 as const) : (4 as const),
      ...part,
      way,
      source: way === 'in' ? source : six ? 'fd00::2' : '10.1.0.2',
    }));
}

/** Rule sets for both families, and 30 datagrams. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(
    table(false),
    table(true),
    fc.array(datagram(false), { minLength: 16, maxLength: 16 }),
    fc.array(datagram(true), { minLength: 14, maxLength: 14 }),
  )
  .map(([four, six, datagrams, datagrams6]) => ({
    rules: { 4: four, 6: six },
    datagrams: [...datagrams, ...datagrams6],
  }));
