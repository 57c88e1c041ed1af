"""Asks the kernel: makes each scenario in a network namespace of its own and answers its questions.

stdin: JSON list of {setup: [lines of ip -batch], sysctls: {path below /proc/sys/net: value}, late: [lines], queries, joins}
stdout: one JSON line a scenario: {addresses, routes, rules, answers, joins}, dumps as `ip -j` prints them.
The namespaces are unnamed, so they end with this process, whatever happens to it.
"""
import ctypes, errno, json, os, socket, struct, subprocess, sys

CLONE_NEWNET = 0x40000000
RTM_GETROUTE, RTM_F_LOOKUP_TABLE, NLMSG_ERROR = 26, 0x1000, 2
ATTRIBUTES = {"oif": (4, "=I"), "mark": (16, "=I"), "uid": (25, "=I"), "protocol": (27, "=B"), "sport": (28, "!H"), "dport": (29, "!H")}
TYPES = ["unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve"]


def ip(*arguments, lines=()):
    # Random routes are often refused, which is fine: what counts is the dump.
    done = subprocess.run(["ip", *arguments], input="\n".join(lines) + "\n", capture_output=True, text=True)
    return done.stdout


def dump(*arguments):
    return json.loads(ip("-j", *arguments) or "[]")


def attribute(kind, data):
    return struct.pack("=HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


def request(query, sequence):
    family = socket.AF_INET if query["family"] == 4 else socket.AF_INET6
    bits = 32 if query["family"] == 4 else 128
    source = query.get("source")
    body = struct.pack("=BBBBBBBBI", family, bits, bits if source else 0, query.get("tos", 0), 0, 0, 0, 0, RTM_F_LOOKUP_TABLE)
    body += attribute(1, socket.inet_pton(family, query["destination"]))
    if source:
        body += attribute(2, socket.inet_pton(family, source))
    for name, (kind, form) in ATTRIBUTES.items():
        if name in query:
            body += attribute(kind, struct.pack(form, query[name]))
    return struct.pack("=IHHII", len(body) + 16, RTM_GETROUTE, 1, sequence, 0) + body


def get(sock, query, names):
    if "interface" in query:
        index = [i for i, name in names.items() if name == query["interface"]]
        query = {**query, "oif": index[0] if index else 9999}
    sock.send(request(query, 1))
    data = sock.recv(65536)
    if struct.unpack_from("=H", data, 4)[0] == NLMSG_ERROR:
        return {"error": errno.errorcode[-struct.unpack_from("=i", data, 16)[0]]}
    family, answer, at = data[16], {"type": TYPES[data[23]]}, 28
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        value = data[at + 4 : at + size]
        if kind == 4:
            answer["interface"] = names[struct.unpack("=I", value)[0]]
        elif kind == 15:
            answer["table"] = struct.unpack("=I", value)[0]
        elif kind == 5:
            answer["gateway"] = socket.inet_ntop(family, value)
        elif kind == 18:
            answer["gateway"] = socket.inet_ntop(struct.unpack_from("=H", value)[0], value[2:])
        elif kind == 7:
            answer["source"] = socket.inet_ntop(family, value)
        at += (size + 3) & ~3
    return answer


def join(group):
    """The interface that a join without interface lands on, as /proc tells, or the error."""
    six = ":" in group
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        raw = socket.inet_pton(sock.family, group)
        try:
            if six:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, raw + struct.pack("=I", 0))
            else:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, raw + bytes(4))
        except OSError as error:
            return {"error": errno.errorcode[error.errno]}
        return {"interface": joined6(raw) if six else joined4(raw)}


def joined4(raw):
    wanted, name = raw[::-1].hex().upper(), None
    for line in open("/proc/net/igmp"):
        words = line.split()
        if line[0].isdigit():
            name = words[1]
        elif words[0] == wanted:
            return name


def joined6(raw):
    return next(line.split()[1] for line in open("/proc/net/igmp6") if line.split()[2] == raw.hex())


def run(scenario):
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for path, value in scenario["sysctls"].items():
        with open("/proc/sys/net/" + path, "w") as file:
            file.write(value)
    ip("-force", "-batch", "-", lines=scenario["setup"])
    for path, value in scenario.get("lateSysctls", {}).items():
        with open("/proc/sys/net/" + path, "w") as file:
            file.write(value)
    while True:
        facts = dumps()
        names = {link["ifindex"]: link["ifname"] for link in facts["addresses"]}
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
            answers = [get(sock, query, names) for query in scenario["queries"]]
        joins = [join(group) for group in scenario["joins"]]
        # A lost carrier reaches the routes a moment later: the answers count when nothing moved meanwhile.
        if facts == dumps():
            return {**facts, "answers": answers, "joins": joins}


def dumps():
    return {
        "addresses": dump("addr"),
        "routes": [dump("-4", "route", "show", "table", "all"), dump("-6", "route", "show", "table", "all")],
        "rules": [dump("-4", "rule"), dump("-6", "rule")],
    }


if __name__ == "__main__":
    for one in json.load(sys.stdin):
        print(json.dumps(run(one)), flush=True)
