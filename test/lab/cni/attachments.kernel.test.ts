import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Node } from '../../../src/lab/place.ts';
import { parseStatus } from '../../../src/model/nad.ts';
import { inPod, kill, type Lab, nad, refusal, reservations, startLab, startPod } from './kit.ts';

let lab: Lab;
let node: Node;
beforeAll(async () => {
  lab = await startLab('overlay', 1);
  node = lab.places.nodes[0]!;
});
afterAll(() => lab?.close());

const RANGE = { subnet: '192.168.50.0/24', rangeStart: '192.168.50.100', rangeEnd: '192.168.50.199' };

function macvlan(name: string, ipam: object, more: object = {}): object {
  return { cniVersion: '0.3.1', name, type: 'macvlan', master: 'eth1', mode: 'bridge', ipam, ...more };
}

test('macvlan with addresses of a range and a route to the group', async () => {
  const routes = [{ dst: '239.1.2.3/32', gw: '0.0.0.0' }];
  nad(lab, 'mcast', macvlan('mcast', { type: 'host-local', ranges: [[RANGE]], routes }));
  const pod = await startPod(lab, node, 'mcast');
  expect(await inPod(pod, 'ip', 'route')).toMatch(/^239\.1\.2\.3 dev net1 $/m);
  expect(parseStatus(pod.networks.status ?? '')).toMatchObject([
    { name: 'cbr0', interface: 'eth0', default: true, ips: pod.networks.addresses },
    { name: 'default/mcast', interface: 'net1', default: false, ips: ['192.168.50.100'] },
  ]);
  expect(await inPod(pod, 'ip', '-br', 'link', 'show', 'lo')).toMatch(/UP/);
  const events = lab.store.list('events', 'default').filter((e) => e.involvedObject.uid === pod.pod.metadata.uid);
  expect(events.map((e) => e.message).sort()).toEqual([
    `Add eth0 [${pod.networks.addresses[0]}/24] from cbr0`,
    'Add net1 [192.168.50.100/24] from default/mcast',
  ]);

  await lab.networks.detach(pod.pod, node, pod.sandbox);
  expect(await reservations(node, 'mcast')).toEqual([]);
  expect(await inPod(pod, 'ip', '-br', 'link')).not.toMatch(/eth0|net1/);
  expect(await node.run(['ls', '/var/lib/cni/results'])).not.toContain(pod.sandbox.id);
  // Again, and with its namespace gone: there is nothing to do, and nothing to fail.
  kill(pod.sandbox.pid);
  await lab.networks.detach(pod.pod, node, pod.sandbox);
});

test('a sandbox whose process died gives its addresses back', async () => {
  nad(lab, 'died', macvlan('died', { type: 'host-local', ranges: [[RANGE]] }));
  const pod = await startPod(lab, node, 'died');
  kill(pod.sandbox.pid);
  await lab.networks.detach(pod.pod, node, pod.sandbox);
  expect(await reservations(node, 'died')).toEqual([]);
});

test('address, MAC, interface and default route as the annotation asks', async () => {
  const capabilities = { ips: true, mac: true };
  nad(lab, 'asked', macvlan('asked', { type: 'static' }, { capabilities }));
  const pod = await startPod(lab, node, [
    {
      name: 'asked',
      interface: 'video0',
      ips: ['192.168.50.77/24'],
      mac: '02:00:00:00:00:77',
      'default-route': ['192.168.50.50'],
    },
  ]);
  expect(await inPod(pod, 'ip', '-br', 'addr', 'show', 'video0')).toContain('192.168.50.77/24');
  expect(await inPod(pod, 'ip', 'route', 'show', 'default')).toBe('default via 192.168.50.50 dev video0 \n');
  expect(parseStatus(pod.networks.status ?? '')).toMatchObject([
    {},
    { interface: 'video0', mac: '02:00:00:00:00:77', ips: ['192.168.50.77'] },
  ]);
});

test('a chain: each plugin gets the result of the one before, and all are undone', async () => {
  nad(lab, 'chain', {
    cniVersion: '0.4.0',
    name: 'chain',
    plugins: [
      { type: 'bridge', bridge: 'br-lab', ipam: { type: 'host-local', subnet: '10.99.0.0/24' } },
      { type: 'tuning', sysctl: { 'net.ipv4.conf.IFNAME.rp_filter': '2' }, mtu: 1400 },
    ],
  });
  const pod = await startPod(lab, node, 'chain@tuned0');
  expect(await inPod(pod, 'cat', '/proc/sys/net/ipv4/conf/tuned0/rp_filter')).toBe('2\n');
  expect(await inPod(pod, 'ip', 'link', 'show', 'tuned0')).toContain('mtu 1400');
  expect(await node.run(['bridge', 'link'])).toContain('master br-lab');
  await lab.networks.detach(pod.pod, node, pod.sandbox);
  expect(await node.run(['bridge', 'link'])).not.toContain('master br-lab');
  expect(await reservations(node, 'chain')).toEqual([]);
});

test('pods at the same time get different addresses', async () => {
  nad(lab, 'many', macvlan('many', { type: 'host-local', ranges: [[RANGE]] }));
  const pods = await Promise.all(Array.from({ length: 8 }, () => startPod(lab, node, 'many')));
  expect(new Set(pods.map((pod) => pod.networks.addresses[0])).size).toBe(8);
  expect(await reservations(node, 'many')).toHaveLength(8);
  await Promise.all(pods.map((pod) => lab.networks.detach(pod.pod, node, pod.sandbox)));
  expect(await reservations(node, 'many')).toEqual([]);
});

const SANDBOX =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "ID": plugin type="multus" name="multus-cni-network" failed (add): ';
const LOADING = `${SANDBOX}Multus: [default/POD/UID]: error loading k8s delegates k8s args: `;
const GETTING = `${LOADING}TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: `;
const adding = (name: string) => `${SANDBOX}[default/POD/UID:${name}]: error adding container to network "${name}": `;

test.each<[string, object | string | undefined, string]>([
  [
    'absent',
    undefined,
    `${GETTING}failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (absent) in namespace (default): network-attachment-definitions.k8s.cni.cncf.io "absent" not found`,
  ],
  [
    'comma',
    '{"type": "macvlan",}',
    `${GETTING}failed getting the delegate: GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: invalid character '}' looking for beginning of object key string`,
  ],
  [
    'typeless',
    { cniVersion: '0.3.1' },
    `${GETTING}failed getting the delegate: LoadDelegateNetConf: failed with: LoadDelegateNetConfList: delegate must have the 'type' or 'plugin' field`,
  ],
  [
    'empty',
    '',
    `${GETTING}failed getting the delegate: GetCNIConfig: err in GetCNIConfigFromFile: No networks found in /etc/cni/multus/net.d`,
  ],
  [
    'plugin',
    { cniVersion: '0.3.1', type: 'macvlam', master: 'eth1' },
    `${adding('plugin')}failed to find plugin "macvlam" in path [/opt/cni/bin /opt/cni/bin]`,
  ],
  [
    'ipam',
    macvlan('ipam', { type: 'whereabouts', range: '192.168.50.0/24' }),
    `${adding('ipam')}failed to find plugin "whereabouts" in path [/opt/cni/bin]`,
  ],
  ['parent', macvlan('parent', {}, { master: 'eth9' }), `${adding('parent')}Link not found`],
  [
    'prefix',
    macvlan('prefix', { type: 'host-local', ranges: [[RANGE]], routes: [{ dst: '239.1.2.3' }] }),
    `${adding('prefix')}invalid CIDR address: 239.1.2.3`,
  ],
  [
    'dhcp',
    macvlan('dhcp', { type: 'dhcp' }),
    `${adding('dhcp')}error dialing DHCP daemon: dial unix /run/cni/dhcp.sock: connect: no such file or directory`,
  ],
  [
    'listed',
    { cniVersion: '0.3.1', name: 'listed', plugins: [macvlan('x', {}, { master: 'eth9' })] },
    `${adding('listed')}plugin type="macvlan" name="x" failed (add): Link not found`,
  ],
  [
    'version',
    macvlan('version', {}, { cniVersion: '9.9.9' }),
    `${adding('version')}incompatible CNI versions; config is "9.9.9", plugin supports`,
  ],
])('%s: the words that an operator meets', async (name, config, words) => {
  if (config !== undefined) nad(lab, name, config);
  const said = await refusal(startPod(lab, node, name));
  expect(said).toContain(words);
});

test('a range that is used up', async () => {
  const range = { ...RANGE, rangeEnd: RANGE.rangeStart };
  nad(lab, 'small', macvlan('small', { type: 'host-local', ranges: [[range]] }));
  await startPod(lab, node, 'small');
  const before = await reservations(node, 'cbr0');
  expect(await refusal(startPod(lab, node, 'small'))).toBe(
    `${adding('small')}failed to allocate for range 0: no IP addresses available in range set: 192.168.50.100-192.168.50.100`,
  );
  // What eth0 had taken is given back.
  expect(await reservations(node, 'cbr0')).toEqual(before);
});

test('an interface that is there already, and an annotation that is none', async () => {
  nad(lab, 'twice', macvlan('twice', {}));
  expect(await refusal(startPod(lab, node, 'twice@eth0'))).toBe(
    `${adding('twice')}DelegateAdd: cannot set "macvlan" interface name to "eth0": validateIfName: interface name eth0 already exists`,
  );
  expect(await refusal(startPod(lab, node, '[{"name": "twice"'))).toBe(
    `${LOADING}parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: unexpected end of JSON input`,
  );
});

test('a missing attachment is an event of Multus’ own too', async () => {
  await refusal(startPod(lab, node, 'nowhere'));
  const event = lab.store
    .list('events', 'default')
    .find((e) => e.reason === 'NoNetworkFound' && /nowhere/.test(e.message));
  expect(event).toMatchObject({ type: 'Warning', source: { component: 'multus' } });
});

test('namespace isolation, when the meta-plugin’s configuration has it', async () => {
  const file = '/etc/cni/net.d/00-multus.conf';
  lab.store.create('namespaces', { metadata: { name: 'feeds' } });
  nad(lab, 'video', macvlan('video', {}), 'feeds');
  await startPod(lab, node, 'feeds/video');
  await node.run(['sed', '-i', 's/"namespaceIsolation": false/"namespaceIsolation": true/', file]);
  try {
    expect(await refusal(startPod(lab, node, 'feeds/video'))).toBe(
      `${GETTING}namespace isolation enabled, annotation violates permission, pod is in namespace default but refers to target namespace feeds`,
    );
  } finally {
    await node.run(['sed', '-i', 's/"namespaceIsolation": true/"namespaceIsolation": false/', file]);
  }
});

test('an attachment without a configuration finds it on the node, by its name', async () => {
  const text = JSON.stringify(macvlan('onnode', { type: 'host-local', ranges: [[RANGE]] }));
  nad(lab, 'onnode', '');
  await node.run(['sh', '-c', 'mkdir -p /etc/cni/multus/net.d && cat > /etc/cni/multus/net.d/a.conf'], text);
  try {
    const pod = await startPod(lab, node, 'onnode');
    expect(await inPod(pod, 'ip', '-br', 'addr', 'show', 'net1')).toContain('192.168.50.100/24');
  } finally {
    await node.run(['rm', '-r', '/etc/cni/multus']);
  }
});
