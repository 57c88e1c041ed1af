/** A program for a user namespace: all three pod networks, with pods on them and on a LAN; prints what came of it as JSON. */
import { inPod, nad, refusal, reservations, startLab, startPod } from './kit.ts';

const found: Record<string, unknown> = {};
for (const kind of ['overlay', 'flat', 'none'] as const) {
  const lab = await startLab(kind, 2);
  try {
    const node = lab.places.nodes[1]!;
    const range = { subnet: '192.168.50.0/24', rangeStart: '192.168.50.100', rangeEnd: '192.168.50.100' };
    nad(lab, 'mcast', {
      cniVersion: '0.4.0',
      name: 'mcast',
      plugins: [
        {
          type: 'macvlan',
          master: 'eth1',
          ipam: { type: 'host-local', ranges: [[range]], routes: [{ dst: '239.1.2.3/32' }] },
        },
        { type: 'tuning', sysctl: { 'net.ipv4.conf.IFNAME.force_igmp_version': '2' } },
      ],
    });
    const pod = await startPod(lab, node, 'mcast');
    const routes = await inPod(pod, 'ip', 'route', 'show', 'dev', 'net1');
    const igmp = await inPod(pod, 'cat', '/proc/sys/net/ipv4/conf/net1/force_igmp_version');
    const nat = await node.run(['iptables-save', '-t', 'nat']);
    const second = await refusal(startPod(lab, node, 'mcast'));
    await lab.networks.detach(pod.pod, node, pod.sandbox);
    const left = await reservations(node, 'mcast');
    found[kind] = {
      addresses: pod.networks.addresses,
      routes,
      igmp,
      masquerades: nat.includes('MASQUERADE'),
      second,
      left,
    };
  } finally {
    lab.close();
  }
}
process.stdout.write(JSON.stringify(found));
