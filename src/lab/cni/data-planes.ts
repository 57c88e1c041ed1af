/** The three ways in which the lab's nodes carry their pods' eth0, as programs that a node runs once and files that it gets. */
import type { Node, PodNetwork } from '../place.ts';
import { SUBNET_FILE } from './flannel.ts';

export interface DataPlane {
  /** Input of `ip -batch -`. */
  readonly ip: readonly string[];
  /** Input of `bridge -batch -`. */
  readonly bridge: readonly string[];
  /** Input of iptables-restore --noflush, of the table nat. */
  readonly nat: readonly string[];
  /** The runtime's configuration: a name in /etc/cni/net.d and its content. */
  readonly config: { readonly name: string; readonly json: object };
  readonly files: Readonly<Record<string, string>>;
}

/** Of all pods of the lab. */
const CLUSTER = '10.44.0.0/16';
const MULTICAST = '224.0.0.0/4';
/** A vxlan's header is 50 bytes. */
const TUNNEL_MTU = 1450;

/** @param nodes all of them, in order; node n's numbers are n */
export function dataPlane(podNetwork: PodNetwork, node: Node, nodes: readonly Node[]): DataPlane {
  const others = nodes.filter((other) => other.name !== node.name);
  const planes = { overlay, flat, none: routed };
  return planes[podNetwork](node, others, nodes.indexOf(node) + 1, nodes);
}

/** Flannel with its vxlan backend (github.com/flannel-io/flannel, pkg/backend/vxlan and pkg/trafficmngr/iptables). */
function overlay(node: Node, others: readonly Node[], _number: number, nodes: readonly Node[]): DataPlane {
  const tunnel = (of: Node) => macOf('0e:00', of, nodes);
  const subnet = (of: Node) => of.podCidr.replace(/\/.*/, '');
  const gateway = host(node, 1);
  return {
    ip: [
      `link add flannel.1 address ${tunnel(node)} type vxlan id 1 dev eth0 local ${node.lan} dstport 8472 nolearning`,
      'link set flannel.1 up',
      `address add ${subnet(node)}/32 dev flannel.1`,
      ...bridgeLines(macOf('0e:01', node, nodes), `${gateway}/24`, TUNNEL_MTU),
      ...others.flatMap((other) => [
        `neighbour add ${subnet(other)} lladdr ${tunnel(other)} dev flannel.1 nud permanent`,
        `route add ${other.podCidr} via ${subnet(other)} dev flannel.1 onlink`,
      ]),
    ],
    bridge: others.map((other) => `fdb add ${tunnel(other)} dev flannel.1 dst ${other.lan}`),
    nat: [
      ':FLANNEL-POSTRTG - [0:0]',
      '-A POSTROUTING -j FLANNEL-POSTRTG',
      `-A FLANNEL-POSTRTG -s ${CLUSTER} -d ${CLUSTER} -j RETURN`,
      `-A FLANNEL-POSTRTG -s ${CLUSTER} ! -d ${MULTICAST} -j MASQUERADE`,
    ],
    config: {
      name: '10-flannel.conflist',
      json: {
        name: 'cbr0',
        cniVersion: '0.3.1',
        plugins: [{ type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } }],
      },
    },
    files: {
      [SUBNET_FILE]: `FLANNEL_NETWORK=${CLUSTER}\nFLANNEL_SUBNET=${gateway}/24\nFLANNEL_MTU=${TUNNEL_MTU}\nFLANNEL_IPMASQ=true\n`,
    },
  };
}

/**
 * One L2 segment: the first node's cni0 has a veth to the cni0 of every other one (prepareNodes). No network that kmcast knows
 * looks like that, and kmcast judges it by what it sees.
 */
function flat(node: Node, _others: readonly Node[], _number: number, nodes: readonly Node[]): DataPlane {
  const range = {
    subnet: CLUSTER,
    rangeStart: host(node, 2),
    rangeEnd: host(node, 254),
    gateway: host(node, 1),
  };
  return {
    ip: bridgeLines(macOf('0e:01', node, nodes), `${host(node, 1)}/16`, 1500),
    bridge: [],
    nat: masquerade(),
    config: {
      name: '10-flat.conflist',
      json: {
        name: 'flat',
        cniVersion: '0.3.1',
        plugins: [
          {
            type: 'bridge',
            bridge: 'cni0',
            isGateway: false,
            ipam: { type: 'host-local', ranges: [[range]], routes: [{ dst: '0.0.0.0/0' }] },
          },
        ],
      },
    },
    files: {},
  };
}

/** kindnet (sigs.k8s.io/kind, images/kindnetd): a veth with a host route for each pod, and a route for each other node. */
function routed(node: Node, others: readonly Node[]): DataPlane {
  return {
    ip: others.map((other) => `route add ${other.podCidr} via ${other.lan} dev eth0`),
    bridge: [],
    nat: masquerade(),
    config: {
      name: '10-kindnet.conflist',
      json: {
        name: 'kindnet',
        cniVersion: '0.3.1',
        plugins: [
          {
            type: 'ptp',
            ipMasq: false,
            ipam: { type: 'host-local', ranges: [[{ subnet: node.podCidr }]], routes: [{ dst: '0.0.0.0/0' }] },
            mtu: 1500,
          },
        ],
      },
    },
    files: {},
  };
}

/** The bridge's own address keeps its MAC from changing with its ports, which pods would notice. */
function bridgeLines(mac: string, address: string, mtu: number): string[] {
  return [`link add cni0 address ${mac} mtu ${mtu} type bridge`, `address add ${address} dev cni0`, 'link set cni0 up'];
}

function masquerade(): string[] {
  return [
    ':LAB-MASQ - [0:0]',
    `-A POSTROUTING -s ${CLUSTER} -j LAB-MASQ`,
    `-A LAB-MASQ -d ${CLUSTER} -j RETURN`,
    `-A LAB-MASQ -d ${MULTICAST} -j RETURN`,
    '-A LAB-MASQ -j MASQUERADE',
  ];
}

/** The pods' address with that last number on the node. */
function host(node: Node, last: number): string {
  return node.podCidr.replace(/\d+\/.*/, String(last));
}

/** A locally administered address that tells the node. */
function macOf(prefix: string, node: Node, nodes: readonly Node[]): string {
  return `${prefix}:0a:2c:00:${(nodes.indexOf(node) + 1).toString(16).padStart(2, '0')}`;
}
