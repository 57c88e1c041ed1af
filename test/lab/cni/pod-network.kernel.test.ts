import { afterEach, expect, test } from 'vitest';
import { inPod, type Lab, nad, startLab, startPod, type TestPod } from './kit.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

/** Whether a datagram to 239.1.2.3 that one pod sends by eth0 reaches the other. */
async function carries(from: TestPod, to: TestPod): Promise<boolean> {
  const heard = inPod(
    to,
    ...python(`
s.bind(('', 5007)); s.settimeout(2)
s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, struct.pack('4s4si', socket.inet_aton('239.1.2.3'), bytes(4), socket.if_nametoindex('eth0')))
try: print(s.recv(100))
except TimeoutError: print('nothing')`),
  );
  await inPod(
    from,
    ...python(`
s.setsockopt(0, socket.IP_MULTICAST_TTL, 8)
for i in range(40): s.sendto(b'hello', ('239.1.2.3', 5007)); time.sleep(0.05)`),
  );
  return (await heard).includes('hello');
}

/** Whether a datagram reaches that address and its answer comes back; `-` where the address answers to nobody. */
async function reaches(from: TestPod, to: TestPod): Promise<boolean> {
  const [address = ''] = to.networks.addresses;
  const heard = inPod(
    to,
    ...python(`s.bind(('', 6007)); s.settimeout(6); d, p = s.recvfrom(9); s.sendto(p[0].encode(), p)`),
  );
  heard.catch(() => '');
  const answer = inPod(
    from,
    ...python(`
s.settimeout(0.1)
for i in range(50):
    s.sendto(b'?', ('${address}', 6007))
    try: print(s.recv(50).decode()); break
    except OSError: pass`),
  );
  // The other end sees the pod's own address: nothing translates between pods.
  return (await answer).trim() === from.networks.addresses[0];
}

function python(program: string): string[] {
  return [
    'python3',
    '-c',
    `import socket, struct, time\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n${program}`,
  ];
}

test.each([
  ['overlay', { onNode: true, between: false }],
  ['flat', { onNode: true, between: true }],
  ['none', { onNode: false, between: false }],
] as const)('%s: unicast between all pods, multicast as that network has it', async (kind, multicast) => {
  lab = await startLab(kind, 3);
  const [first, second, third] = lab.places.nodes;
  const [a, b, c, d] = await Promise.all([first, first, second, third].map((node) => startPod(lab!, node!)));
  expect(a!.networks.addresses).toEqual([expect.stringMatching(/^10\.44\.1\.[23]$/)]);
  expect(c!.networks.addresses).toEqual(['10.44.2.2']);
  expect(await Promise.all([reaches(a!, b!), reaches(d!, c!)])).toEqual([true, true]);
  expect(await reaches(c!, a!)).toBe(true);
  expect(await carries(a!, b!)).toBe(multicast.onNode);
  expect(await carries(a!, c!)).toBe(multicast.between);
  expect(await carries(d!, c!)).toBe(multicast.between);
});

test('a pod reaches the outside host under its node’s address', async () => {
  lab = await startLab('overlay', 1);
  const pod = await startPod(lab, lab.places.nodes[0]!);
  const { outside } = lab.places;
  const heard = outside.run(python(`s.bind(('', 6007)); s.settimeout(2); print(s.recvfrom(9)[1][0])`));
  for (let i = 0; i < 10; i++) await inPod(pod, ...python(`s.sendto(b'?', ('${outside.lan}', 6007))`));
  expect((await heard).trim()).toBe(lab.places.nodes[0]!.lan);
});

test('the nodes’ files are those of such a cluster', async () => {
  lab = await startLab('overlay', 1);
  const node = lab.places.nodes[0]!;
  expect((await node.run(['ls', '/etc/cni/net.d'])).split('\n')).toEqual(['00-multus.conf', '10-flannel.conflist', '']);
  expect(await node.run(['ls', '/opt/cni/bin'])).toMatch(/^(.*\n)*macvlan\nmultus\n/);
  expect(await node.run(['cat', '/run/flannel/subnet.env'])).toContain('FLANNEL_SUBNET=10.44.1.1/24\n');
  await node.run(['rm', '/run/flannel/subnet.env']);
  await expect(startPod(lab, node)).rejects.toThrow(
    'error adding container to network "cbr0": plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
  );
});

test('pods get what the runtime’s first configuration says', async () => {
  lab = await startLab('none', 1);
  const node = lab.places.nodes[0]!;
  nad(lab, 'mcast', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1' });
  await node.run(['mv', '/etc/cni/net.d/00-multus.conf', '/etc/cni/net.d/00-multus.conf.cilium_bak']);
  const pod = await startPod(lab, node, 'mcast');
  expect(pod.networks).toEqual({ addresses: ['10.44.1.2'] });
  await node.run(['rm', '/etc/cni/net.d/10-kindnet.conflist']);
  await expect(startPod(lab, node)).rejects.toThrow(/sandbox "[0-9a-f]{64}": cni plugin not initialized$/);
});
