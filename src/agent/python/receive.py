"""Receiving: sockets that join first, say so, and then count who sends what until they are halted."""
import errno
import os
import select
import socket
import struct
import time

from say import words
from datagram import TEST_HEADER, MAGIC, addresses, boot, index_of, way
from account import Account
from join import MCAST_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP, sockaddr

MOST_SENDERS = 500
IP_PKTINFO, IP_RECVTTL, IP_TTL, IP_MULTICAST_ALL = 8, 12, 2, 49
IPV6_RECVPKTINFO, IPV6_PKTINFO, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, IPV6_MULTICAST_ALL = 49, 50, 51, 52, 29
SO_TIMESTAMPNS, SO_RCVBUFFORCE = 35, 33
TIMESPEC = struct.Struct('@ll')
ROUND = 512


def receive_datagrams(wanted, alive, halt, speaker):
    """Runs until `halt` ends, the time is over, or enough came; says the counts at the end."""
    by_address, indexes = addresses()
    names = {index: name for name, index in indexes.items()}
    held = []
    for one in wanted['sockets']:
        try:
            held.append(open_socket(one, wanted, by_address, indexes, speaker))
        except (OSError, OverflowError) as error:
            speaker.say('receiving', socket=one['id'], buffer=0, error=words(error), code=errno.errorcode.get(getattr(error, 'errno', None)))
    spoiled = bad_checksums()
    until = time.monotonic() + wanted['duration'] / 1000.0
    every = wanted['every'] / 1000.0
    told = time.monotonic() + every
    poll = select.poll()
    by_fd = {}
    for one in held:
        poll.register(one.socket, select.POLLIN)
        by_fd[one.socket.fileno()] = one
    poll.register(alive, select.POLLIN)
    poll.register(halt, select.POLLIN)
    running = bool(held)
    while running:
        now = time.monotonic()
        if every and now >= told:
            say_counts(speaker, held, names, False, spoiled)
            told = now + every
        left = (min(until, told) if every else until) - now
        if until <= now:
            break
        for fd, _ in poll.poll(left * 1000 + 1):
            if fd == alive:
                os._exit(1)
            if fd == halt:
                running = False
            else:
                by_fd[fd].drain()
        if wanted.get('enough') and all(one.received >= wanted['enough'] for one in held):
            running = False
    for one in held:
        one.drain()
    say_counts(speaker, held, names, True, spoiled)
    for one in held:
        one.socket.close()


def open_socket(one, wanted, by_address, indexes, speaker):
    group, v6 = one.get('group'), ':' in (one.get('group') or one.get('bind') or '')
    sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if wanted.get('buffer'):
            ask_for_buffer(sock, wanted['buffer'])
        ask_for_headers(sock, v6)
        interface = one.get('interface')
        if group:
            # Bound to the group, a socket hears nothing that others have joined; to any address, it needs MULTICAST_ALL off.
            bind(sock, '' if one.get('anyAddress') else group, one['port'], v6, interface, indexes)
            join_one_socket(sock, group, one.get('source'), v6, 0 if interface is None else index_of(interface, indexes))
            if interface is None:
                interface = chosen(group, one['port'], by_address, indexes)
        else:
            bind(sock, one.get('bind') or '', one['port'], v6, interface, indexes)
        sock.setblocking(False)
    except (OSError, OverflowError):
        sock.close()
        raise
    told = {} if interface is None else {'interface': interface}
    speaker.say('receiving', socket=one['id'], buffer=sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2, **told)
    return Counted(one, sock, bytes.fromhex(wanted['run']))


def ask_for_buffer(sock, size):
    """Beyond net.core.rmem_max, where CAP_NET_ADMIN allows it."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, size)
    except OSError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def bind(sock, address, port, v6, interface, indexes):
    if v6:
        # A link-local address needs its interface in the socket address.
        sock.bind((address, port, 0, indexes.get(interface, 0) if address.startswith(('ff', 'fe8')) else 0))
    else:
        sock.bind((address, port))


def join_one_socket(sock, group, source, v6, index):
    level = socket.IPPROTO_IPV6 if v6 else socket.IPPROTO_IP
    sock.setsockopt(level, IPV6_MULTICAST_ALL if v6 else IP_MULTICAST_ALL, 0)
    request = struct.pack('@I4x', index) if struct.calcsize('P') == 8 else struct.pack('@I', index)
    if source:
        sock.setsockopt(level, MCAST_JOIN_SOURCE_GROUP, request + sockaddr(group) + sockaddr(source))
    else:
        sock.setsockopt(level, MCAST_JOIN_GROUP, request + sockaddr(group))


def ask_for_headers(sock, v6):
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    if v6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)


def chosen(group, port, by_address, indexes):
    """The interface that the kernel takes for a group when none is named: that of the route to it."""
    try:
        return by_address.get(way(group, port, None, indexes))
    except OSError:
        return None


class Sender(Account):
    """One sender at one socket; `run` is that of its datagrams, None for datagrams that are not kmcast's."""

    def __init__(self, source, run, sender):
        Account.__init__(self)
        self.source, self.run, self.sender = source, run, sender
        self.ways = {}
        self.headers, self.way = None, [0]


class Counted(object):
    """One socket, and who was heard at it."""

    def __init__(self, one, sock, run):
        self.id, self.socket, self.run = one['id'], sock, run
        self.senders, self.received, self.truncated = {}, 0, False
        self.buffer = bytearray(65536)
        self.view = [self.buffer]
        self.inode = os.fstat(sock.fileno()).st_ino

    def drain(self):
        """Takes what waits, at most one round of it, so that other sockets get their turn."""
        recv, view = self.socket.recvmsg_into, self.view
        for _ in range(ROUND):
            try:
                size, headers, _, source = recv(view, 256)
            except (BlockingIOError, InterruptedError):
                return
            self.take(size, headers, source)

    def take(self, size, headers, source):
        # The first header is the time of arrival; the others stay the same for most datagrams of a sender.
        seconds, nanoseconds = TIMESPEC.unpack(headers[0][2])
        at = seconds * 1000000 + nanoseconds // 1000
        fields = TEST_HEADER.unpack_from(self.buffer) if size >= TEST_HEADER.size else None
        if fields and fields[5] != MAGIC:
            fields = None
        key = (source, fields[6], fields[7]) if fields else source
        sender = self.senders.get(key)
        if sender is None:
            if len(self.senders) >= MOST_SENDERS:
                self.truncated = True
                return
            sender = self.senders[key] = Sender(source, fields[6].hex() if fields else None, fields[7] if fields else None)
        self.received += 1
        if headers[1:] != sender.headers:
            sender.headers = headers[1:]
            sender.way = sender.ways.setdefault(read_headers(headers), [0])
        sender.way[0] += 1
        sender.time(at, size)
        if fields:
            sender.number(fields[0])
            sender.delay(at - fields[1] * 1000000 - fields[2])
        else:
            sender.received += 1


def read_headers(headers):
    """The index of the interface and the TTL that a datagram arrived with."""
    index, ttl = None, None
    for level, kind, data in headers:
        if level == socket.IPPROTO_IP:
            if kind == IP_PKTINFO:
                index = struct.unpack_from('@i', data)[0]
            elif kind == IP_TTL:
                ttl = struct.unpack_from('@i', data)[0]
        elif level == socket.IPPROTO_IPV6:
            if kind == IPV6_PKTINFO:
                index = struct.unpack_from('@i', data, 16)[0]
            elif kind == IPV6_HOPLIMIT:
                ttl = struct.unpack_from('@i', data)[0]
    return index, ttl


def say_counts(speaker, held, names, last, spoiled):
    drops, now = socket_drops(), bad_checksums()
    speaker.say('counts', last=last, at=int(time.time() * 1000000), boot=boot(), badChecksums=None if now is None else now - (spoiled or 0), sockets=[
        {'id': one.id, 'dropped': drops.get(one.inode), 'truncated': one.truncated,
         'senders': [tell(sender, names) for sender in one.senders.values()]} for one in held])


def tell(sender, names):
    told = {'source': sender.source[0].split('%')[0], 'port': sender.source[1],
            'ways': [dict(([('interface', names.get(index, 'if%d' % index))] if index else []) + ([('ttl', ttl)] if ttl is not None else []),
                          packets=count[0]) for (index, ttl), count in sender.ways.items()]}
    if sender.run is not None:
        told.update(run=sender.run, sender=sender.sender)
    told.update(sender.told())
    return told


def socket_drops():
    """Datagrams that each UDP socket dropped (full receive buffer, bad checksum), by inode: the last column of /proc/net/udp."""
    found = {}
    for path in ('/proc/net/udp', '/proc/net/udp6'):
        try:
            with open(path) as file:
                for line in list(file)[1:]:
                    row = line.split()
                    found[int(row[9])] = int(row[12])
        except (OSError, ValueError, IndexError):
            pass
    return found


def bad_checksums():
    """UDP datagrams with a wrong checksum in this namespace so far, which count as dropped by a socket too; None if not told."""
    try:
        with open('/proc/net/snmp') as file:
            names, values = [line.split() for line in file if line.startswith('Udp:')]
        total = int(values[names.index('InCsumErrors')])
        with open('/proc/net/snmp6') as file:
            return total + sum(int(line.split()[1]) for line in file if line.startswith('Udp6InCsumErrors'))
    except (OSError, ValueError):
        return None
