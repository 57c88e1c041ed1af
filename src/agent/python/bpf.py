"""A classic BPF program (docs.kernel.org/networking/filter.html) for multicast, IGMP and MLD."""
import array
import socket
import struct

LD, LDH, LDB, AND, JA, JEQ, RET = 0x20, 0x28, 0x30, 0x54, 0x05, 0x15, 0x06
# Loads relative to the network header (SKF_NET_OFF), so that the link layer does not matter.
AD_PROTOCOL, AD_IFINDEX, NET = 0xfffff000, 0xfffff008, 0xfff00000
IGMP, HOP_BY_HOP, ICMP6 = 2, 0, 58
MLD_TYPES = (130, 131, 132, 143)
SOL_SOCKET, SO_ATTACH_FILTER = socket.SOL_SOCKET, 26


def on(value, label):
    """`label` is where to go on when the accumulator is `value`; all jumps are long ones, so that no list is too long."""
    return [(JEQ, 0, 1, value), (JA, 0, 0, label)]


def unless(value, label):
    return [(JEQ, 1, 0, value), (JA, 0, 0, label)]


def block(family, group):
    """An address or a prefix, as (value, mask) of each of its 32-bit words."""
    address, _, length = group.partition('/')
    data = socket.inet_pton(family, address)
    bits = int(length) if length else len(data) * 8
    masks = [0xffffffff << 32 - min(32, max(0, bits - 32 * word)) & 0xffffffff for word in range(len(data) // 4)]
    return [(struct.unpack_from('!I', data, 4 * word)[0] & mask, mask) for word, mask in enumerate(masks)]


def multicast_filter(only, never, groups, snap):
    """Passes IGMP, MLD and packets to the groups or ranges (to any group when none is given), by interface index."""
    v4 = [block(socket.AF_INET, group) for group in groups if ':' not in group]
    v6 = [block(socket.AF_INET6, group) for group in groups if ':' in group]
    code = [(LD, 0, 0, AD_IFINDEX)]
    for index in never:
        code += on(index, 'drop')
    for index in only or []:
        code += on(index, 'watched')
    if only:
        code.append((JA, 0, 0, 'drop'))
    code += ['watched', (LDH, 0, 0, AD_PROTOCOL)] + on(0x86dd, 'v6') + unless(0x0800, 'drop')
    code += [(LDB, 0, 0, NET + 9)] + on(IGMP, 'pass')
    for words in v4 if groups else [[(0xe0000000, 0xf0000000)]]:
        code += [(LD, 0, 0, NET + 16), (AND, 0, 0, words[0][1])] + on(words[0][0], 'pass')
    code += [(JA, 0, 0, 'drop'), 'v6', (LDB, 0, 0, NET + 24)] + unless(0xff, 'drop')
    if not groups:
        code.append((JA, 0, 0, 'pass'))
    code += [(LDB, 0, 0, NET + 6)] + unless(HOP_BY_HOP, 'groups6')
    code += [(LDB, 0, 0, NET + 40)] + unless(ICMP6, 'groups6') + [(LDB, 0, 0, NET + 48)]
    for kind in MLD_TYPES:
        code += on(kind, 'pass')
    code.append('groups6')
    for number, words in enumerate(v6):
        other = 'next%d' % number
        for word, (value, mask) in enumerate(words):
            code += [(LD, 0, 0, NET + 24 + 4 * word), (AND, 0, 0, mask)] + unless(value, other)
        code += [(JA, 0, 0, 'pass'), other]
    return assemble(code + ['drop', (RET, 0, 0, 0), 'pass', (RET, 0, 0, snap)])


def assemble(code):
    """Replaces labels by distances."""
    places, program = {}, []
    for step in code:
        if isinstance(step, str):
            places[step] = len(program)
        else:
            program.append(step)
    return b''.join(
        struct.pack('=HBBI', op, jt, jf, places[k] - at - 1 if isinstance(k, str) else k & 0xffffffff)
        for at, (op, jt, jf, k) in enumerate(program))


def attach(sock, program):
    """SO_ATTACH_FILTER wants a pointer: an array says where its bytes are, with no need for ctypes."""
    held = array.array('B', program)
    sock.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER, struct.pack('@HP', len(program) // 8, held.buffer_info()[0]))
