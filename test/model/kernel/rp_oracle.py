"""Sends multicast datagrams from any source through a veth, and tells which of them the kernel lets in.

stdin: JSON list of {setup: [lines of ip -batch], modes: [{path: value}], sources: [address], groups: [group]}
stdout: one JSON line a scenario: dumps as netns_oracle.py, and cases [{mode, source, group, received, counted}].
Both namespaces are unnamed and end with this process: net1 (and net2, unused by the sender) is in the receiver's.
"""
import json, os, select, socket, struct, subprocess, sys, time
from netns_oracle import CLONE_NEWNET, dump, ip
import ctypes

LIBC = ctypes.CDLL(None, use_errno=True)


def enter(descriptor):
    if LIBC.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def unshare():
    if LIBC.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    return os.open("/proc/self/ns/net", os.O_RDONLY)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(source, group, payload, mac):
    udp = struct.pack("!HHHH", 4000, 5007, 8 + len(payload), 0) + payload
    raw = socket.inet_aton(group)
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 8, 17, 0, socket.inet_aton(source), raw)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return b"\x01\x00\x5e" + bytes([raw[1] & 0x7F]) + raw[2:] + mac + b"\x08\x00" + head + udp


def filtered():
    lines = [line.split() for line in open("/proc/self/net/netstat") if line.startswith("TcpExt:")]
    return int(lines[1][lines[0].index("IPReversePathFilter")])


def receiver(groups):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", 5007))
    for group in groups:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + bytes(4) + struct.pack("=I", socket.if_nametoindex("net1")))
    return sock


def run(scenario):
    outside = unshare()
    inside = unshare()
    enter(outside)
    ip("link", "add", "out", "type", "veth", "peer", "name", "net1", "netns", f"/proc/{os.getpid()}/fd/{inside}")
    ip("link", "set", "out", "up")
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sender.bind(("out", 0))
    enter(inside)
    ip("-force", "-batch", "-", lines=scenario["setup"])
    facts = {
        "addresses": dump("addr"),
        "routes": [dump("-4", "route", "show", "table", "all"), []],
        "rules": [dump("-4", "rule"), []],
    }
    cases = []
    with receiver(scenario["groups"]) as sock, sender:
        for mode in scenario["modes"]:
            for path, value in mode.items():
                with open("/proc/sys/net/ipv4/conf/" + path, "w") as file:
                    file.write(value)
            for source in scenario["sources"]:
                for group in scenario["groups"]:
                    before = filtered()
                    payload = f"{len(cases)}".encode()
                    # A veth delivers in softirq on the sending CPU: what is not there after a moment was dropped.
                    sender.send(frame(source, group, payload, b"\x02\x00\x00\x00\x00\x01"))
                    received = bool(select.select([sock], [], [], 0.01)[0]) and sock.recv(100) == payload
                    cases.append({"mode": mode, "source": source, "group": group, "received": received, "counted": filtered() > before})
    os.close(outside)
    os.close(inside)
    return {**facts, "cases": cases}


if __name__ == "__main__":
    for one in json.load(sys.stdin):
        print(json.dumps(run(one)), flush=True)
