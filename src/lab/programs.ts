/** The lab's own applications: a receiver and a sender, as ordinary ones are written. They take what they do from the environment. */

export interface Receiving {
  readonly group: string;
  readonly port: number;
  /** The address that the socket is bound to; any when absent. */
  readonly bind?: string;
  /** Joins for this source alone (RFC 4607). */
  readonly source?: string;
  /** Joins on this interface; where the routes lead, as most applications do, when absent; `none` joins nothing. */
  readonly join?: string;
  /** Groups that the same socket joins before; it goes on when one cannot be joined. */
  readonly also?: readonly string[];
  /** A source that it wants nothing of (IP_BLOCK_SOURCE); not where Node.js runs it. */
  readonly block?: string;
  /** Ties its socket to this interface (SO_BINDTODEVICE); not where Node.js runs it. */
  readonly device?: string;
  /** Connects its socket to this address, with the port that it listens on; not where Node.js runs it. */
  readonly peer?: string;
  /** Bytes of SO_RCVBUF. */
  readonly buffer?: number;
  /** Seconds that it takes over each datagram. */
  readonly delay?: number;
}

export interface Sending {
  readonly group: string;
  readonly port: number;
  /** The address that it sends from; the kernel's choice when absent. */
  readonly source?: string;
  /** The interface that it sends by; where the routes lead when absent. */
  readonly interface?: string;
  /** Datagrams a second. */
  readonly rate: number;
  readonly ttl: number;
  /** Bytes of each datagram, at least. */
  readonly size?: number;
}

export interface Program {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function receiver(wishes: Receiving): Program {
  return {
    argv: ['sh', '-c', pythonOrNode(RECEIVE_PYTHON, RECEIVE_NODE)],
    env: variables({
      GROUP: wishes.group,
      PORT: wishes.port,
      BIND: wishes.bind,
      SOURCE: wishes.source,
      JOIN: wishes.join,
      ALSO: wishes.also?.join(' '),
      BLOCK: wishes.block,
      DEVICE: wishes.device,
      PEER: wishes.peer,
      BUFFER: wishes.buffer,
      DELAY: wishes.delay,
    }),
  };
}

export function sender(wishes: Sending): Program {
  return {
    argv: ['sh', '-c', pythonOrNode(SEND_PYTHON, SEND_NODE)],
    env: variables({
      GROUP: wishes.group,
      PORT: wishes.port,
      SOURCE: wishes.source,
      INTERFACE: wishes.interface,
      RATE: wishes.rate,
      TTL: wishes.ttl,
      SIZE: wishes.size,
    }),
  };
}

/** How often a receiver tells what it has: a line for every so many datagrams. */
export const TELLS_EVERY = 10;

function variables(wanted: Readonly<Record<string, string | number | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** A shell program that becomes the one for which there is an interpreter: neither is in every image. */
function pythonOrNode(python: string, node: string): string {
  return `if command -v python3 >/dev/null; then exec python3 -uc '${python}'; else exec node -e '${node}'; fi`;
}

// Quotes are double ones, for the shell. 25 is SO_BINDTODEVICE, 38 IP_BLOCK_SOURCE, 39 IP_ADD_SOURCE_MEMBERSHIP, 46 MCAST_JOIN_SOURCE_GROUP, which Python does not name.
const RECEIVE_PYTHON = `
import os, socket, struct, sys, time
e = os.environ
group, port, join, source = e["GROUP"], int(e["PORT"]), e.get("JOIN", ""), e.get("SOURCE")
six = ":" in group
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if "BUFFER" in e:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, int(e["BUFFER"]))
s.bind((e.get("BIND", ""), port))
if join != "none":
    index = socket.if_nametoindex(join) if join else 0
    if six:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", index))
    elif source and index:
        at = lambda a: struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton(a))
        s.setsockopt(socket.IPPROTO_IP, 46, struct.pack("=I4x", index) + at(group) + at(source))
    elif source:
        s.setsockopt(socket.IPPROTO_IP, 39, socket.inet_aton(group) + bytes(4) + socket.inet_aton(source))
    else:
        for one in [*e.get("ALSO", "").split(), group]:
            try:
                s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("=4s4si", socket.inet_aton(one), bytes(4), index))
            except OSError as error:
                if "ALSO" not in e: raise
                print(one, error)
    if "BLOCK" in e:
        s.setsockopt(socket.IPPROTO_IP, 38, socket.inet_aton(group) + bytes(4) + socket.inet_aton(e["BLOCK"]))
    if "DEVICE" in e:
        s.setsockopt(socket.SOL_SOCKET, 25, e["DEVICE"].encode())
    if "PEER" in e:
        s.connect((e["PEER"], port))
    print("joined", group)
else:
    print("listens on port", port)
n = 0
while True:
    data, peer = s.recvfrom(65535)
    n += 1
    if n % ${TELLS_EVERY} == 1:
        print("datagram", n, "from", peer[0], data[:40].decode(errors="replace").strip())
    if "DELAY" in e:
        time.sleep(float(e["DELAY"]))
`;

const RECEIVE_NODE = `
const { GROUP, PORT, BIND, SOURCE, JOIN, BUFFER, DELAY, ALSO } = process.env;
const six = GROUP.includes(":");
const s = require("node:dgram").createSocket({ type: six ? "udp6" : "udp4", reuseAddr: true, ...(BUFFER ? { recvBufferSize: Number(BUFFER) } : {}) });
let n = 0;
s.on("message", (data, peer) => {
  if (n++ % ${TELLS_EVERY} === 0) console.log("datagram", n, "from", peer.address, String(data.subarray(0, 40)).trim());
  if (DELAY) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(DELAY) * 1000);
});
s.bind(Number(PORT), BIND, () => {
  if (JOIN === "none") return console.log("listens on port", PORT);
  const at = JOIN ? (six ? "::%" + JOIN : require("node:os").networkInterfaces()[JOIN].find((a) => a.family === "IPv4").address) : undefined;
  if (SOURCE) s.addSourceSpecificMembership(SOURCE, GROUP, at);
  else if (!ALSO) s.addMembership(GROUP, at);
  else for (const one of [...ALSO.split(" "), GROUP]) try { s.addMembership(one, at); } catch (error) { console.log(one, error.message); }
  console.log("joined", GROUP);
});
`;

const SEND_PYTHON = `
import os, socket, struct, time
e = os.environ
group = e["GROUP"]
six = ":" in group
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
if "SOURCE" in e:
    s.bind((e["SOURCE"], 0))
index = socket.if_nametoindex(e["INTERFACE"]) if "INTERFACE" in e else 0
if six:
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, int(e["TTL"]))
else:
    if index:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", bytes(4), bytes(4), index))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, int(e["TTL"]))
n = 0
while True:
    try:
        s.sendto((b"frame %d" % n).ljust(int(e.get("SIZE", 0))), (group, int(e["PORT"])))
    except OSError:
        pass
    n += 1
    time.sleep(1 / float(e["RATE"]))
`;

const SEND_NODE = `
const { GROUP, PORT, SOURCE, INTERFACE, RATE, TTL, SIZE } = process.env;
const six = GROUP.includes(":");
const s = require("node:dgram").createSocket(six ? "udp6" : "udp4");
let n = 0;
s.on("error", () => {});
s.bind(0, SOURCE, () => {
  if (six && INTERFACE) s.setMulticastInterface("::%" + INTERFACE);
  else if (SOURCE) s.setMulticastInterface(SOURCE);
  s.setMulticastTTL(Number(TTL));
  setInterval(() => s.send(("frame " + n++).padEnd(Number(SIZE ?? 0)), Number(PORT), GROUP, () => {}), 1000 / Number(RATE));
});
`;
