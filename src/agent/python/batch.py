"""
Reading datagrams with the headers that tell when and how they came: many by one call (recvmmsg(2)) where Python has ctypes, else one
by one. A row of them is (number, seconds, microseconds, mark), (seconds, nanoseconds of arrival, way), (name,), (size,) either way.
"""
import socket
import struct
import sys

IP_PKTINFO, IP_TTL, IPV6_PKTINFO, IPV6_HOPLIMIT = 8, 2, 50, 52
MSG_DONTWAIT, MSG_TRUNC = 0x40, 0x20
ROWS = 64
# What of a test datagram tells: number, time of sending; magic, run and sender are its mark.
DATA = struct.Struct('!III8x20s24x')
# Control messages: the time of arrival comes first (sock_recv_cmsgs), the others stay the same for most datagrams of a sender.
CONTROL = struct.Struct('@16xqq96s')
NAME = struct.Struct('28s4x')
LENGTH = struct.Struct('@56xI4x')
# struct mmsghdr, struct iovec, struct cmsghdr.
MESSAGE = struct.Struct('@PI4xPQPQi4xI4x')
VECTOR = struct.Struct('@PQ')
CMSG = struct.Struct('@Qii')
TIMESPEC = struct.Struct('@ll')


def open_reader(sock):
    try:
        return Many(sock)
    except (ImportError, AttributeError, OSError, ValueError):
        return Single(sock)


class Many(object):
    """The layouts are those of 64 bits. Raises where they are other, or the call cannot be made."""

    def __init__(self, sock):
        import ctypes
        if struct.calcsize('P') != 8 or sys.byteorder != 'little':
            raise ValueError('another layout')
        self.call, self.fd = ctypes.CDLL(None).recvmmsg, sock.fileno()
        self.call.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p]
        self.space = [ctypes.create_string_buffer(ROWS * size) for size in (DATA.size, CONTROL.size, NAME.size, MESSAGE.size, VECTOR.size)]
        data, control, name, self.messages, vector = [ctypes.addressof(one) for one in self.space]
        self.views = [memoryview(one).cast('B') for one in self.space]
        self.views[4][:] = b''.join(VECTOR.pack(data + row * DATA.size, DATA.size) for row in range(ROWS))
        self.fresh = b''.join(
            MESSAGE.pack(name + row * NAME.size, NAME.size, vector + row * VECTOR.size, 1, control + row * CONTROL.size, CONTROL.size, 0, 0)
            for row in range(ROWS))
        if self.call(self.fd, self.messages, 0, MSG_DONTWAIT, None) < 0:
            raise OSError('recvmmsg')

    def rows(self):
        """What waits, at most ROWS; nothing when nothing does."""
        data, control, names, messages, _ = self.views
        messages[:] = self.fresh
        # Of a datagram only its head is copied; MSG_TRUNC tells its whole length all the same.
        many = self.call(self.fd, self.messages, ROWS, MSG_DONTWAIT | MSG_TRUNC, None)
        if many <= 0:
            return ()
        return zip(DATA.iter_unpack(data[:many * DATA.size]), CONTROL.iter_unpack(control[:many * CONTROL.size]),
                   NAME.iter_unpack(names[:many * NAME.size]), LENGTH.iter_unpack(messages[:many * LENGTH.size]))

    def name(self, data):
        """Address and port of a struct sockaddr_in or sockaddr_in6."""
        port = struct.unpack_from('!H', data, 2)[0]
        if struct.unpack_from('@H', data)[0] == socket.AF_INET:
            return socket.inet_ntoa(data[4:8]), port
        return socket.inet_ntop(socket.AF_INET6, data[8:24]), port

    def way(self, data):
        headers, at = [], 0
        while at + CMSG.size <= len(data):
            size, level, kind = CMSG.unpack_from(data, at)
            if size < CMSG.size:
                break
            headers.append((level, kind, data[at + CMSG.size:at + size]))
            at += size + 7 & ~7
        return read_headers(headers)


class Single(object):
    def __init__(self, sock):
        self.call, self.buffer = sock.recvmsg_into, bytearray(DATA.size)
        self.view = [self.buffer]

    def rows(self):
        rows = []
        for _ in range(ROWS):
            try:
                size, headers, _, source = self.call(self.view, 256, MSG_DONTWAIT | MSG_TRUNC)
            except OSError:
                break
            rows.append((DATA.unpack(self.buffer), TIMESPEC.unpack(headers[0][2]) + (tuple(headers[1:]),), (source,), (size,)))
        return rows

    def name(self, source):
        return source[0].split('%')[0], source[1]

    def way(self, headers):
        return read_headers(headers)


def read_headers(headers):
    """The index of the interface and the TTL that a datagram arrived with."""
    index, ttl = None, None
    for level, kind, data in headers:
        if (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO):
            index = struct.unpack_from('@i', data)[0]
        elif (level, kind) == (socket.IPPROTO_IPV6, IPV6_PKTINFO):
            index = struct.unpack_from('@i', data, 16)[0]
        elif (level, kind) in ((socket.IPPROTO_IP, IP_TTL), (socket.IPPROTO_IPV6, IPV6_HOPLIMIT)):
            ttl = struct.unpack_from('@i', data)[0]
    return index, ttl
