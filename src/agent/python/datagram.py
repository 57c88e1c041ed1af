"""
Test datagrams. Their first 20 bytes are those of iperf 2 (number, seconds, microseconds, high half of the number, no flags), so
that its server counts loss and jitter of them; then kmcast's magic, the run's id and the sender's.
"""
import socket
import struct

TEST_HEADER = struct.Struct('!IIIII8s8sI')
MAGIC = b'kmcast\0\1'


def make(number, microseconds, run, sender, size):
    """A datagram of `size` bytes of payload, at least the header's."""
    seconds, rest = divmod(microseconds, 1000000)
    return TEST_HEADER.pack(number & 0xffffffff, seconds & 0xffffffff, rest, 0, 0, MAGIC, run, sender).ljust(size, b'\0')


def addresses():
    """The names of the interfaces by their addresses, and their indexes by name."""
    indexes = {name: index for index, name in socket.if_nameindex()}
    found = ipv4_addresses()
    try:
        with open('/proc/net/if_inet6') as file:
            for line in file:
                words = line.split()
                found.setdefault(socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[0])), words[5])
    except OSError:
        pass
    return found, indexes


def ipv4_addresses():
    """By SIOCGIFCONF (netdevice(7)), which tells every address of an interface, some under a label (`eth0:1`)."""
    import array
    import fcntl
    space = array.array('B', bytes(1 << 16))
    where, room = space.buffer_info()
    size = 40 if struct.calcsize('P') == 8 else 32
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            filled = struct.unpack('@iP', fcntl.ioctl(sock, 0x8912, struct.pack('@iP', room, where)))[0]
        except OSError:
            return {}
    data = space.tobytes()[:filled]
    return {socket.inet_ntoa(data[at + 20:at + 24]): data[at:at + 16].split(b'\0')[0].decode('ascii', 'replace').split(':')[0]
            for at in range(0, filled, size)}


def way(to, port, interface, indexes):
    """The source address that the kernel takes towards `to`, by a socket that sends nothing. Raises what sending would."""
    v6 = ':' in to
    with socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        leave_by(sock, v6, interface, indexes)
        sock.connect(target(to, port, interface, indexes))
        return sock.getsockname()[0].split('%')[0]


def leave_by(sock, v6, interface, indexes):
    """Lets multicast of the socket leave by the interface."""
    if interface is None:
        return
    index = index_of(interface, indexes)
    if v6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack('@i', index))
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack('@4s4si', b'', b'', index))


def target(to, port, interface, indexes):
    """The socket address; link-local scopes of IPv6 need the interface in it."""
    if ':' not in to:
        return to, port
    return to, port, 0, 0 if interface is None else index_of(interface, indexes)


def index_of(interface, indexes):
    if interface not in indexes:
        raise OSError(19, 'No such device')
    return indexes[interface]


def boot():
    """Tells hosts, and with them clocks, apart: the same in all namespaces of one kernel."""
    try:
        with open('/proc/sys/kernel/random/boot_id') as file:
            return file.read().strip()
    except OSError:
        return None
