"""Joining groups by sockets of the agent's own (RFC 3678). They are bound to no port, so that no datagram waits in them."""
import socket
import struct

MCAST_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP = 42, 46


def join(groups, names, speaker):
    """Joins every group on every interface (`names` by index), and says of each how it went. Returns the sockets to hold."""
    held = []
    for wanted in groups:
        group, source = wanted['group'], wanted.get('source')
        for index in sorted(names):
            told = {'group': group, 'interface': names[index]}
            if source:
                told['source'] = source
            try:
                # One socket for each, since a socket has at most 20 memberships (igmp_max_memberships).
                held.append(join_one(group, source, index))
            except OSError as error:
                told['error'] = error.strerror or str(error)
            speaker.say('joined', **told)
    return held


def join_one(group, source, index):
    v6 = ':' in group
    sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
    level = socket.IPPROTO_IPV6 if v6 else socket.IPPROTO_IP
    request = struct.pack('@I4x', index) if struct.calcsize('P') == 8 else struct.pack('@I', index)
    try:
        if source:
            sock.setsockopt(level, MCAST_JOIN_SOURCE_GROUP, request + sockaddr(group) + sockaddr(source))
        else:
            sock.setsockopt(level, MCAST_JOIN_GROUP, request + sockaddr(group))
    except OSError:
        sock.close()
        raise
    return sock


def sockaddr(address):
    """struct sockaddr_storage."""
    if ':' in address:
        data = struct.pack('=HHI', socket.AF_INET6, 0, 0) + socket.inet_pton(socket.AF_INET6, address)
    else:
        data = struct.pack('=HH', socket.AF_INET, 0) + socket.inet_pton(socket.AF_INET, address)
    return data.ljust(128, b'\0')
