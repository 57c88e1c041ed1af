"""Sends datagrams through random iptables rules and tells which of them come through.

stdin: JSON list of {rules: {4: text, 6: text} for iptables-restore, datagrams: [...]}
stdout: one JSON line a scenario: {saved: {4, 6, nft: text or null}, passed: [bool]}.
The rules are in a namespace with one end of a veth, net1; the other end, `out`, is in another. Both end with this process.
A datagram goes in (sent by the outside, received by a socket) or out (sent by a socket, seen on `out`).
"""
import json, os, select, shutil, socket, struct, subprocess, sys
from netns_oracle import ip
from rp_oracle import enter, unshare

RULES = {"4": "iptables", "6": "ip6tables"}
ADDRESSES = {"out": ["10.1.0.7/24", "10.1.0.8/24", "172.31.9.9/24", "fd00::7/64", "fd00::8/64"], "net1": ["10.1.0.2/24", "fd00::2/64"]}


def prepare(name):
    for path in ("accept_dad", "accept_ra", "dad_transmits"):
        with open(f"/proc/sys/net/ipv6/conf/{name}/{path}", "w") as file:
            file.write("0")
    lines = [f"addr add {address} dev {name}{' nodad' if ':' in address else ''}" for address in ADDRESSES[name]]
    ip("-force", "-batch", "-", lines=[f"link set {name} up", *lines])


def payload(number, datagram):
    mark = b"kmcast %04d" % number
    if datagram["protocol"] == 17:
        return mark
    return bytes([datagram["messageType"], 0, 0, 0]) + bytes(4) + mark


def make(datagram):
    """A socket for datagrams of this kind, on `net1` or `out`, whichever is there."""
    name = "net1" if os.path.exists("/proc/sys/net/ipv4/conf/net1") else "out"
    family = socket.AF_INET if datagram["family"] == 4 else socket.AF_INET6
    protocol = datagram["protocol"]
    sock = socket.socket(family, socket.SOCK_DGRAM if protocol == 17 else socket.SOCK_RAW, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, bytes(8) + struct.pack("=I", socket.if_nametoindex(name)))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(name))
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
    return sock


def send(number, datagram):
    with make(datagram) as sock:
        port = datagram.get("sourcePort", 0)
        sock.bind((datagram["source"], port))
        try:
            sock.sendto(payload(number, datagram), (datagram["destination"], datagram.get("destinationPort", 0)))
        except PermissionError:
            pass


def receiver(datagram):
    sock = make(datagram)
    if datagram["protocol"] == 17:
        sock.bind(("", datagram["destinationPort"]))
    index = struct.pack("=I", socket.if_nametoindex("net1"))
    group = socket.inet_pton(sock.family, datagram["destination"])
    try:
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + bytes(4) + index)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + index)
    except OSError:
        pass  # 224.0.0.1 and ff02::1 are joined by everybody already.
    return sock


def collect(sockets):
    """The numbers of all datagrams that are there, or come within a moment."""
    numbers = set()
    while ready := select.select(sockets, [], [], 0.1)[0]:
        for sock in ready:
            data = sock.recv(2000)
            at = data.find(b"kmcast ")
            if at >= 0:
                numbers.add(int(data[at + 7 : at + 11]))
    return numbers


def run(scenario):
    outside = unshare()
    inside = unshare()
    enter(outside)
    ip("link", "add", "out", "type", "veth", "peer", "name", "net1", "netns", f"/proc/{os.getpid()}/fd/{inside}")
    prepare("out")
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sniffer.bind(("out", 3))
    enter(inside)
    prepare("net1")
    numbered = list(enumerate(scenario["datagrams"]))
    sockets = [receiver(datagram) for _, datagram in numbered if datagram["way"] == "in"]
    saved = {}
    for family, program in RULES.items():
        done = subprocess.run([f"{program}-restore"], input=scenario["rules"][family], text=True, capture_output=True)
        if done.returncode != 0:
            raise OSError(done.stderr + scenario["rules"][family])
        saved[family] = subprocess.run([f"{program}-save", "-c"], text=True, check=True, capture_output=True).stdout
    # Where nft is there, the same rules in its words.
    saved["nft"] = subprocess.run(["nft", "-j", "list", "ruleset"], capture_output=True, text=True).stdout if shutil.which("nft") else None
    for number, datagram in numbered:
        if datagram["way"] == "out":
            send(number, datagram)
    sent = collect([sniffer])
    enter(outside)
    for number, datagram in numbered:
        if datagram["way"] == "in":
            send(number, datagram)
    received = collect(sockets) if sockets else set()
    for one in [sniffer, *sockets]:
        one.close()
    os.close(outside)
    os.close(inside)
    return {"saved": saved, "passed": [number in (received if datagram["way"] == "in" else sent) for number, datagram in numbered]}


if __name__ == "__main__":
    for one in json.load(sys.stdin):
        print(json.dumps(run(one)), flush=True)
