import { describe, expect, it } from 'vitest';
import type { AgentMessage } from '../../src/agent/protocol.ts';
import { namespaceFacts } from '../../src/facts/namespace.ts';
import { counterReads, namespaceReads } from '../../src/facts/reads.ts';
import { isKnown, known } from '../../src/model/fact.ts';
import { noFirewall, recorded, value, without } from './recorded.ts';

const at = { place: 'fixture', phase: 'before' } as const;
const done: AgentMessage = { type: 'done', place: 'fixture' };
const facts = (messages: readonly AgentMessage[]) => namespaceFacts(messages, 'before', noFirewall);
const others = recorded.filter((message) => message.type !== 'netlink' && message.type !== 'command');

describe('a whole namespace', () => {
  const whole = facts(recorded);

  it('says which process has a socket', () => {
    const socket = value(whole.sockets).find((one) => one.localPort === 5007);
    expect(socket?.owner).toEqual({ pid: expect.any(Number), command: 'record.py' });
    // A kernel socket (vxlan) is nobody's.
    expect(value(whole.sockets).find((one) => one.localPort === 4789)).not.toHaveProperty('owner');
  });

  it('has both families, and filters under the names of their interfaces', () => {
    expect(new Set(value(whole.memberships).map((one) => one.family))).toEqual(new Set([4, 6]));
    expect(value(whole.sourceFilters).map((one) => one.interface)).toEqual(['net1', 'net1', 'net1']);
    expect(value(whole.counters)).toMatchObject({ 'Udp.RcvbufErrors': 19, 'Ip6.Ip6InReceives': expect.any(Number) });
    expect(value(whole.multicastRouting).vifs).toHaveLength(4);
  });

  it('has settings under their dotted names', () => {
    const sysctls = value(whole.sysctls);
    expect(sysctls['net.ipv4.igmp_max_memberships']).toBe('20');
    expect(sysctls['net.ipv4.conf.mv-private.rp_filter']).toMatch(/^[012]$/);
    const dotted = facts([{ type: 'file', ...at, path: '/proc/sys/net/ipv4/conf/eth0.100/rp_filter', text: '2\n' }]);
    expect(value(dotted.sysctls)).toEqual({ 'net.ipv4.conf.eth0.100.rp_filter': '2' });
  });

  it('gives the firewall parser what ran', () => {
    const seen = namespaceFacts(recorded, 'before', (listings) => {
      expect(listings.map((listing) => listing.name)).toContain('iptables-save');
      return known({ tool: 'test', chains: [], rules: [] });
    });
    expect(seen.firewall).toEqual({ value: { tool: 'test', chains: [], rules: [] } });
  });

  it('is JSON and comes back from it', () => {
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });
});

describe('without netlink and iproute2', () => {
  const poor = facts([
    ...without(recorded, ['netlink', 'command'], 'not found').filter((message) => message.type === 'failed'),
    ...others,
  ]);

  it('interfaces come from /sys, of unknown kind', () => {
    const rich = value(facts(recorded).links);
    const links = value(poor.links);
    expect(links.map((link) => link.name).sort()).toEqual(rich.map((link) => link.name).sort());
    for (const { name, index, mtu, mac, operstate, parent, masterIndex, stats } of rich) {
      const expected = { index, mtu, mac, operstate, ...(masterIndex && { masterIndex }), ...(stats && { stats }) };
      const here = links.find((link) => link.name === name);
      expect(here).toMatchObject(expected);
      expect(here?.parent).toBe(parent);
    }
    const net1 = links.find((link) => link.name === 'net1');
    expect(net1?.kind).toBe('unknown');
    expect(net1?.flags).toEqual(['BROADCAST', 'MULTICAST', 'ALLMULTI', 'UP', 'LOWER_UP']);
    expect(links.find((link) => link.name === 'vc')?.flags).toContain('NO-CARRIER');
    expect(links.find((link) => link.name === 'br0')?.bridge).toMatchObject({
      snooping: true,
      querier: true,
      groupFwdMask: 0x4000,
    });
    expect(links.find((link) => link.name === 'lo')).not.toHaveProperty('kind');
  });

  it('routes come from /proc, and what nothing replaces is unknown, with both reasons', () => {
    expect(value(poor.routes)).toContainEqual(
      expect.objectContaining({ destination: '239.0.0.0/8', nextHops: [{ interface: 'net1' }] }),
    );
    expect(poor.rules).toEqual({ unknown: 'netlink: not found; ip: not found' });
    expect(poor.mdb).toEqual({ unknown: 'netlink: not found; bridge: not found' });
  });
});

describe('what is missing', () => {
  it('carries the words of the agent', () => {
    const denied = facts(without(recorded, ['file'], 'Permission denied'));
    expect(denied.memberships).toEqual({
      unknown: '/proc/net/igmp: Permission denied; /proc/net/igmp6: Permission denied',
    });
    expect(denied.sysctls).toEqual({ unknown: '/proc/sys/net/ipv4/ip_forward: Permission denied' });
    const refused: AgentMessage = { type: 'refused', place: 'fixture', error: 'no process of container app' };
    for (const fact of Object.values(facts([refused])))
      expect(fact).toEqual({ unknown: 'no process of container app' });
  });

  it('says that the agent failed as a whole', () => {
    const failed: AgentMessage = { type: 'failed', ...at, what: 'agent', error: 'out of memory' };
    expect(facts([failed, done]).links).toEqual({ unknown: 'the agent failed: out of memory' });
    expect(namespaceFacts([failed, done], 'after', noFirewall).links).toEqual({
      unknown: 'the agent failed: out of memory',
    });
  });

  it('says that the agent stopped, or that nothing was read in this phase', () => {
    expect(facts([]).links).toEqual({ unknown: 'the agent stopped before it was read' });
    expect(namespaceFacts(recorded, 'after', noFirewall).links).toEqual({
      unknown: 'it was not read again after the look',
    });
  });

  it('says how a command failed, and that it printed no JSON', () => {
    const command = (name: string, status: number, stdout: string, stderr: string): AgentMessage => ({
      type: 'command',
      ...at,
      name,
      status,
      stdout,
      stderr,
      root: 'here',
    });
    const failed = facts([
      command('iptables-save', 4, '', 'iptables-save: Permission denied (you must be root)\nmore'),
      done,
    ]);
    expect(failed.firewall).toEqual({
      unknown:
        'iptables-save ended with status 4: iptables-save: Permission denied (you must be root); it was not asked for',
    });
    const busybox = facts([command('ip-neighbour', 0, 'BusyBox v1.36', ''), done]);
    expect(busybox.neighbours).toEqual({ unknown: expect.stringContaining('ip-neighbour printed no JSON') });
  });

  it('is empty where the kernel has not the feature', () => {
    const absent = (path: string): AgentMessage => ({
      type: 'failed',
      ...at,
      what: path,
      error: 'No such file or directory',
    });
    const file = (path: string): AgentMessage => ({ type: 'file', ...at, path, text: '' });
    const found = facts([
      file('/proc/net/igmp'),
      absent('/proc/net/igmp6'),
      ...['ip_mr_vif', 'ip_mr_cache', 'ip6_mr_vif', 'ip6_mr_cache'].map((name) => absent(`/proc/net/${name}`)),
    ]);
    expect(found.memberships).toEqual({ value: [] });
    expect(found.multicastRouting).toEqual({ value: { vifs: [], cache: [] } });
  });

  it('is a multicast database where there is no bridge: none', () => {
    const dump = recorded.filter((message) => message.type === 'netlink' && message.name === 'links');
    expect(facts(dump).mdb).toEqual({ unknown: 'the agent stopped before it was read' });
    expect(facts([{ type: 'netlink', ...at, name: 'links', data: '' }]).mdb).toEqual({ value: [] });
  });
});

it('a driver and Wi-Fi come from sysfs, when it shows the same interface', () => {
  const uevent = (index: number): AgentMessage[] => [
    ...recorded,
    {
      type: 'file',
      ...at,
      path: '/sys/class/net/eth0/uevent',
      text: `DEVTYPE=wlan\nINTERFACE=eth0\nIFINDEX=${index}\n`,
    },
    {
      type: 'file',
      ...at,
      path: '/sys/class/net/eth0/device/uevent',
      text: 'DRIVER=virtio_net\nMODALIAS=virtio:d00000001v00001AF4\n',
    },
  ];
  const eth0 = (messages: readonly AgentMessage[]) => value(facts(messages).links).find((link) => link.name === 'eth0');
  expect(eth0(uevent(2))).toMatchObject({ driver: 'virtio_net', wireless: true });
  expect(eth0(uevent(4))).not.toHaveProperty('driver');
});

describe('the reads', () => {
  it('were all answered when the fixture was recorded', () => {
    const said = new Set(
      recorded.flatMap((m) =>
        m.type === 'netlink' || m.type === 'command' ? [m.name] : m.type === 'failed' ? [m.what] : [],
      ),
    );
    const { netlink, commands, owners, fallback } = namespaceReads();
    for (const { name } of [...netlink, ...commands, ...(fallback?.commands ?? [])]) expect(said).toContain(name);
    expect(owners).toBe(true);
  });

  it('have, to see what moved, each counter that is compared', () => {
    const again = recorded.flatMap((message): AgentMessage[] => {
      const { files, netlink, commands } = counterReads();
      if (message.type === 'file') return files.includes(message.path) ? [{ ...message, phase: 'after' }] : [];
      if (message.type === 'netlink')
        return netlink.some(({ name }) => name === message.name) ? [{ ...message, phase: 'after' }] : [];
      return message.type === 'command' && commands.some(({ name }) => name === message.name)
        ? [{ ...message, phase: 'after' }]
        : [];
    });
    const after = namespaceFacts(again, 'after', () => known({ tool: 'test', chains: [], rules: [] }));
    for (const name of ['counters', 'sockets', 'links', 'firewall'] as const)
      expect(isKnown<unknown>(after[name]), name).toBe(true);
  });

  it('have bodies of the length that the kernel wants', () => {
    const lengths = namespaceReads().netlink.map(({ name, body }) => [name, Buffer.from(body, 'base64').length]);
    expect(Object.fromEntries(lengths)).toEqual({
      links: 16,
      addresses: 8,
      routes: 12,
      rules: 12,
      neighbours: 12,
      mdb: 8,
    });
  });
});
