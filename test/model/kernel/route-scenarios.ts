/** Random namespaces: interfaces, addresses, routing tables, policy rules, and what to ask of them. */
import fc from 'fast-check';
import { prefix } from './random-prefix.ts';

/** What `netns_oracle.py` is given. */
export interface Scenario {
  readonly setup: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly lateSysctls: Readonly<Record<string, string>>;
  readonly queries: readonly Query[];
  readonly joins: readonly string[];
}

/** A question, with the kernel's words for what differs from RouteQuery. */
export interface Query {
  readonly family: 4 | 6;
  readonly destination: string;
  readonly source?: string;
  readonly interface?: string;
  readonly mark?: number;
  readonly tos?: number;
  readonly protocol?: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly uid?: number;
}

const DEVICES = ['a0', 'b0', 'c0'];
const QUIET = {
  'ipv6/conf/default/accept_dad': '0',
  'ipv6/conf/default/accept_ra': '0',
  'ipv6/conf/all/forwarding': '0',
};
const ADDRESSES4 = [
  '10.1.0.2/24 dev a0',
  '10.2.0.2/24 dev b0',
  '10.3.0.2/16 dev c0',
  '10.2.1.2/24 dev b0 scope link',
  '10.1.0.3/24 dev a0',
  '10.1.5.2/24 dev a0',
  '10.9.0.1/32 dev lo',
];
const ADDRESSES6 = ['fd00:1::2/64 dev a0', 'fd00:2::2/64 dev b0', 'fd00:3::2/64 dev c0', 'fd00:1::3/64 dev a0'];
const BASES4 = [
  '0.0.0.0',
  '128.0.0.0',
  '10.0.0.0',
  '10.1.0.0',
  '10.1.0.2',
  '10.2.0.77',
  '172.31.9.9',
  '224.0.0.0',
  '224.0.0.251',
  '239.1.2.3',
  '239.0.0.0',
  '232.1.1.1',
];
const BASES6 = [
  '::',
  'fd00::',
  'fd00:1::',
  'fd00:9::9',
  'fe80::',
  'ff00::',
  'ff02::',
  'ff15::',
  'ff15::1',
  'ff3e::8000:1',
  'ff02::fb',
];
const GATEWAYS4 = ['10.1.0.1', '10.1.5.1', '10.2.0.1', '10.1.0.9', '10.3.9.9'];
const GATEWAYS6 = ['fd00:1::1', 'fd00:2::1', 'fe80::1', 'fe80::2'];
const SOURCES4 = ['10.1.0.2', '10.2.0.2', '10.2.1.2', '10.9.0.1', '127.0.0.1', '172.31.9.9', '10.1.0.3'];
const SOURCES6 = ['fd00:1::2', 'fd00:2::2', 'fd00:3::2', '::1', 'fd00:9::9'];
const TABLES = ['main', 'main', 'main', 'local', 'default', '100', '101'];
const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const words = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((list) => list.filter((word) => word !== '').join(' '));
const maybe = (arb: fc.Arbitrary<string>, every = 3) =>
  fc.integer({ min: 1, max: every }).chain((n) => (n === 1 ? arb : fc.constant('')));
const optional = <T>(arb: fc.Arbitrary<T>, every = 3) =>
  fc.option(arb, { freq: every - 1 }).map((value) => value ?? undefined);

function hop(gateways: readonly string[]): fc.Arbitrary<string> {
  return words(
    maybe(
      pick(...gateways).map((gateway) => `via ${gateway}`),
      2,
    ),
    pick(...DEVICES).map((dev) => `dev ${dev}`),
    maybe(fc.constant('onlink'), 2),
  );
}

function route(six: boolean): fc.Arbitrary<string> {
  const gateways = six ? GATEWAYS6 : GATEWAYS4;
  const way = fc.oneof(
    { weight: 6, arbitrary: hop(gateways) },
    {
      weight: 1,
      arbitrary: words(...[1, 2].map((weight) => hop(gateways).map((text) => `nexthop ${text} weight ${weight}`))),
    },
  );
  const to = prefix(six ? BASES6 : BASES4, six ? 128 : 32);
  const common = words(
    pick(...TABLES).map((name) => `table ${name}`),
    maybe(
      pick(0, 5, 5, 10, 300).map((metric) => `metric ${metric}`),
      2,
    ),
    six ? maybe(pick('low', 'high').map((pref) => `pref ${pref}`)) : maybe(fc.constant('tos 0x10'), 5),
  );
  const verb = pick('add', 'add', 'append', 'prepend');
  const family = six ? '-6 ' : '';
  const from = six
    ? maybe(
        prefix(['fd00:1::', 'fd00::'], 128).map((text) => `from ${text}`),
        6,
      )
    : maybe(
        pick('10.2.0.2', '10.9.0.1').map((a) => `src ${a}`),
        6,
      );
  const ways = words(verb, to, from, common, way).map((text) => `${family}route ${text}`);
  const refusing = words(pick('blackhole', 'unreachable', 'prohibit', 'throw', 'local'), to, common);
  const odd = refusing.map((text) => `${family}route add ${text}${text.startsWith('local') ? ' dev lo' : ''}`);
  return fc.oneof({ weight: 5, arbitrary: ways }, { weight: 1, arbitrary: odd });
}

function rule(six: boolean): fc.Arbitrary<string> {
  const bits = six ? 128 : 32;
  const conditions = words(
    maybe(fc.constant('not'), 8),
    maybe(
      prefix(six ? ['fd00:1::', 'fd00::', '::'] : ['10.0.0.0', '10.1.0.2', '0.0.0.0'], bits).map(
        (text) => `from ${text}`,
      ),
      4,
    ),
    maybe(
      prefix(six ? BASES6 : BASES4, bits).map((text) => `to ${text}`),
      3,
    ),
    maybe(
      pick('lo', 'a0', 'b0', 'zz').map((name) => `iif ${name}`),
      6,
    ),
    maybe(
      pick('a0', 'b0', 'zz').map((name) => `oif ${name}`),
      6,
    ),
    maybe(
      pick('0x1', '0x1/0xff', '0x0/0x1').map((mark) => `fwmark ${mark}`),
      6,
    ),
    maybe(fc.constant('tos 0x10'), 10),
    maybe(
      pick('0-0', '1000-2000').map((uids) => `uidrange ${uids}`),
      8,
    ),
    maybe(
      pick('udp', 'tcp').map((name) => `ipproto ${name}`),
      8,
    ),
    maybe(
      pick('5007', '5000-6000').map((ports) => `dport ${ports}`),
      10,
    ),
  );
  const look = words(
    pick('local', 'main', 'default', '100', '101').map((name) => `lookup ${name}`),
    maybe(
      pick(0, 3, 8, 24).map((length) => `suppress_prefixlength ${length}`),
      5,
    ),
  );
  const action = fc.oneof(
    { weight: 8, arbitrary: look },
    { weight: 1, arbitrary: pick('blackhole', 'unreachable', 'prohibit', 'nop') },
    { weight: 2, arbitrary: pick(60, 80, 32766, 31).map((target) => `goto ${target}`) },
  );
  const whole = words(
    conditions,
    pick(10, 30, 50, 60, 80, 40000).map((pref) => `pref ${pref}`),
    action,
  );
  return whole.map((text) => `${six ? '-6 ' : ''}rule add ${text}`);
}

function query(six: boolean): fc.Arbitrary<Query> {
  const destinations = (six ? BASES6 : BASES4).filter((base) => base !== '0.0.0.0' && base !== '::');
  const more = six
    ? ['ff02::1', 'ff15::2', 'fd00:2::7', '2001:db8::1', 'fe80::7']
    : ['239.255.0.1', '8.8.8.8', '10.1.0.255', '224.0.1.1', '255.255.255.255', '127.0.0.5'];
  return fc
    .record({
      family: fc.constant(six ? (6 as const) : (4 as const)),
      destination: pick(...destinations, ...more),
      source: optional(pick(...(six ? SOURCES6 : SOURCES4)), 4),
      interface: optional(pick(...DEVICES, ...DEVICES, 'lo', 'zz'), 3),
      mark: optional(pick(1, 0x101), 6),
      tos: optional(fc.constant(0x10), 6),
      protocol: fc.constant(17),
      dport: optional(pick(5007, 7), 4),
      uid: optional(pick(1500, 0), 4),
    })
    .map(
      (whole) =>
        Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as unknown as Query,
    );
}

/** Namespaces of three interfaces, whose far ends are in the same namespace without an address. */
export function scenarios(questions: number): fc.Arbitrary<Scenario> {
  const half = (six: boolean) =>
    fc.tuple(
      fc.subarray(six ? ADDRESSES6 : ADDRESSES4),
      fc.array(route(six), { minLength: 1, maxLength: 14 }),
      fc.oneof(fc.constant([]), fc.array(rule(six), { maxLength: 7 })),
      fc.array(query(six), { minLength: questions, maxLength: questions }),
    );
  const late = fc.tuple(optional(pick('b1', 'c1'), 2), optional(pick('all', 'b0'), 3));
  return fc.tuple(half(false), half(true), late).map(([four, six, [down, ignoring]]) => ({
    setup: [
      'link set lo up',
      ...DEVICES.flatMap((dev) => [
        `link add ${dev} type veth peer name ${dev[0]}1`,
        `link set ${dev} up`,
        `link set ${dev[0]}1 up`,
      ]),
      ...four[0].map((text) => `addr add ${text}`),
      ...six[0].map((text) => `addr add ${text} nodad`),
      ...four[1],
      ...six[1],
      ...four[2],
      ...six[2],
      ...(down === undefined ? [] : [`link set ${down} down`]),
    ],
    sysctls: QUIET,
    lateSysctls:
      ignoring === undefined
        ? {}
        : {
            [`ipv4/conf/${ignoring}/ignore_routes_with_linkdown`]: '1',
            [`ipv6/conf/${ignoring}/ignore_routes_with_linkdown`]: '1',
          },
    queries: [...four[3], ...six[3]],
    joins: ['239.1.2.3', '224.0.0.251', '232.1.1.1', 'ff15::1', 'ff02::fb', 'ff3e::8000:1'],
  }));
}
