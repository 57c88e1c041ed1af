"""Receiving: sockets that join first, say so, and then count who sends what until they are halted."""
import errno
import gc
import os
import select
import socket
import struct
import time

from say import words
from datagram import addresses, boot, index_of, way
from count import Counted, tell
from join import MCAST_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP, sockaddr

IP_RECVPKTINFO, IP_RECVTTL, IP_MULTICAST_ALL = 8, 12, 49
IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_MULTICAST_ALL = 49, 51, 29
SO_TIMESTAMPNS, SO_RCVBUFFORCE = 35, 33
# At fewer datagrams a second than this a reader that pauses takes several by one call, which leaves the processor to others; for so
# many seconds at most, and so that a flood of so many bytes of the kernel's a second would not fill the buffer meanwhile.
FEW, PAUSE, FLOOD = 20000, 0.01, 5e8


def receive_datagrams(wanted, alive, halt, speaker):
    """Runs until `halt` ends, the time is over, or enough came; says the counts at the end."""
    by_address, indexes = addresses()
    names = {index: name for name, index in indexes.items()}
    held = []
    # What is counted makes no cycles, and a collection would let datagrams wait.
    gc.disable()
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
    pause = min([PAUSE] + [one.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) / FLOOD for one in held])
    before, woken = 0, time.monotonic()
    while running:
        now = time.monotonic()
        received = sum(one.received for one in held)
        if 0 < received - before < FEW * (now - woken):
            time.sleep(pause)
        before, woken = received, now
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
        interface = one.get('interface') or (one.get('follow') and joined(one['follow'])) or None
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
    return Counted(one, sock)


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
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVPKTINFO, 1)
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)


def joined(group):
    """The interface on which somebody here is a member of the group already; the first of several."""
    try:
        if ':' in group:
            wanted = socket.inet_pton(socket.AF_INET6, group).hex()
            with open('/proc/net/igmp6') as file:
                return next((row[1] for row in map(str.split, file) if row[2] == wanted and row[1] != 'lo'), None)
        wanted, name = '%08X' % struct.unpack('=I', socket.inet_aton(group))[0], None
        with open('/proc/net/igmp') as file:
            for line in file:
                row = line.split()
                if not line.startswith('\t'):
                    name = row[1].rstrip(':')
                elif row[0] == wanted and name != 'lo':
                    return name
    except OSError:
        pass
    return None


def chosen(group, port, by_address, indexes):
    """The interface that the kernel takes for a group when none is named: that of the route to it."""
    try:
        return by_address.get(way(group, port, None, indexes))
    except OSError:
        return None


def say_counts(speaker, held, names, last, spoiled):
    drops, now = socket_drops(), bad_checksums()
    speaker.say('counts', last=last, at=int(time.time() * 1000000), boot=boot(), badChecksums=None if now is None else now - (spoiled or 0), sockets=[
        {'id': one.id, 'dropped': drops.get(one.inode), 'truncated': one.truncated,
         'senders': [tell(sender, one.reader, names) for sender in one.senders.values()]} for one in held])


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
