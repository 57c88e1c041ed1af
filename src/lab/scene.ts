/** What is alive in a lab from the beginning: a stream from outside the cluster, and a pod that receives it. */
import type { NewObject, ResourceName } from './object.ts';

/** The stream: the outside host sends it on the multicast LAN. */
export const STREAM = {
  group: '239.10.10.10',
  port: 5004,
  source: '192.168.50.50',
  interface: 'eth1',
  /** Datagrams a second. */
  rate: 20,
  ttl: 8,
} as const;

export const NAMESPACE = 'video';
export const ATTACHMENT = 'camera-lan';
export const RECEIVER = 'rx';

const LABELS = { app: RECEIVER };

/**
 * In the order of their making. The attachment is as it should be: a macvlan on the NIC of the multicast LAN, with a route of its
 * own for the group and, since host-local would fill in a gateway, none that leads to a router.
 */
export function sceneObjects(): { readonly resource: ResourceName; readonly object: NewObject }[] {
  return [
    { resource: 'namespaces', object: { metadata: { name: NAMESPACE } } },
    {
      resource: 'network-attachment-definitions.k8s.cni.cncf.io',
      object: {
        apiVersion: 'k8s.cni.cncf.io/v1',
        kind: 'NetworkAttachmentDefinition',
        metadata: { name: ATTACHMENT, namespace: NAMESPACE },
        spec: { config: JSON.stringify(ATTACHMENT_CONFIG, null, 2) },
      },
    },
    {
      resource: 'pods',
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: RECEIVER,
          namespace: NAMESPACE,
          labels: LABELS,
          annotations: { 'k8s.v1.cni.cncf.io/networks': ATTACHMENT },
        },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'app',
              image: 'lab/app:1',
              imagePullPolicy: 'IfNotPresent',
              command: ['sh', '-c', pythonOrNode(RECEIVE_PYTHON, RECEIVE_NODE)],
              env: [
                { name: 'GROUP', value: STREAM.group },
                { name: 'PORT', value: String(STREAM.port) },
              ],
            },
          ],
        },
      },
    },
  ];
}

/** What the outside host runs to send the stream, and its environment. */
export function streamCommand(): { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  return {
    argv: ['sh', '-c', pythonOrNode(SEND_PYTHON, SEND_NODE)],
    env: {
      GROUP: STREAM.group,
      PORT: String(STREAM.port),
      SOURCE: STREAM.source,
      INTERFACE: STREAM.interface,
      RATE: String(STREAM.rate),
      TTL: String(STREAM.ttl),
    },
  };
}

const ATTACHMENT_CONFIG = {
  cniVersion: '0.3.1',
  name: ATTACHMENT,
  type: 'macvlan',
  master: STREAM.interface,
  mode: 'bridge',
  ipam: {
    type: 'host-local',
    ranges: [[{ subnet: '192.168.50.0/24', rangeStart: '192.168.50.100', rangeEnd: '192.168.50.199' }]],
    routes: [{ dst: `${STREAM.group}/32`, gw: '0.0.0.0' }],
  },
};

/** A shell program that becomes the one for which there is an interpreter: neither is in every image. */
function pythonOrNode(python: string, node: string): string {
  return `if command -v python3 >/dev/null; then exec python3 -uc '${python}'; else exec node -e '${node}'; fi`;
}

/** An ordinary application: it joins on the interface that its routes give it. Quotes are double ones, for the shell. */
const RECEIVE_PYTHON = `
import os, socket
group, port = os.environ["GROUP"], int(os.environ["PORT"])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", port))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + bytes(4))
print("joined", group)
n = 0
while True:
    data, peer = s.recvfrom(65535)
    n += 1
    if n % 20 == 1:
        print("datagram", n, "from", peer[0], data.decode(errors="replace"))
`;

const RECEIVE_NODE = `
const { GROUP, PORT } = process.env;
const s = require("node:dgram").createSocket({ type: "udp4", reuseAddr: true });
let n = 0;
s.on("message", (data, peer) => { if (n++ % 20 === 0) console.log("datagram", n, "from", peer.address, String(data)); });
s.bind(Number(PORT), () => { s.addMembership(GROUP); console.log("joined", GROUP); });
`;

const SEND_PYTHON = `
import os, socket, struct, time
e = os.environ
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((e["SOURCE"], 0))
index = socket.if_nametoindex(e["INTERFACE"])
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", bytes(4), bytes(4), index))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, int(e["TTL"]))
n = 0
while True:
    try:
        s.sendto(b"frame %d" % n, (e["GROUP"], int(e["PORT"])))
    except OSError:
        pass
    n += 1
    time.sleep(1 / float(e["RATE"]))
`;

const SEND_NODE = `
const { GROUP, PORT, SOURCE, RATE, TTL } = process.env;
const s = require("node:dgram").createSocket("udp4");
let n = 0;
s.bind(0, SOURCE, () => {
  s.setMulticastInterface(SOURCE);
  s.setMulticastTTL(Number(TTL));
  setInterval(() => s.send("frame " + n++, Number(PORT), GROUP, () => {}), 1000 / Number(RATE));
});
`;
