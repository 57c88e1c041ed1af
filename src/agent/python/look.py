"""Looking at the wire: an AF_PACKET socket with a filter and a receive ring (packet(7), packet_mmap.rst), never promiscuous."""
import fcntl
import mmap
import os
import select
import socket
import struct
import time

from say import b64
from bpf import HOP_BY_HOP, ICMP6, IGMP, MLD_TYPES, attach, multicast_filter

SNAP = 192
KEYS, MESSAGES = 1000, 300
ETH_P_ALL = 3
ARPHRD_ETHER = 1
IFF_UP, IFF_LOOPBACK, IFF_MULTICAST = 0x1, 0x8, 0x1000
SIOCGIFFLAGS, SIOCGIFHWADDR = 0x8913, 0x8927
SOL_PACKET, PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, TPACKET_V2 = 263, 5, 6, 10, 1
BLOCK, BLOCKS, FRAME = 1 << 16, 32, 512
FRAMES = BLOCK * BLOCKS // FRAME
TP_STATUS_USER, TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 0x1, 0x10, 0x40
HEADER = struct.Struct('=IIIHHIIHH4xHHiHB')  # tpacket2_hdr, then sockaddr_ll
PACKET_OUTGOING = 4
FRAGMENT = 44
WITH_PORTS = (6, 17, 132, 136)


def interfaces(flags):
    """Names of the interfaces that have all of `flags`, by index; lo is never one of them."""
    found = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for index, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack('16sH22x', os.fsencode(name), 0))
            except OSError:
                continue
            value = struct.unpack_from('=H', answer, 16)[0]
            if value & flags == flags and not value & IFF_LOOPBACK:
                found[index] = name
    return found


class Look(object):
    """A look at the interfaces of this process's network namespace, from its making on."""

    def __init__(self, wanted, alive):
        self.wanted, self.alive = wanted, alive
        self.names = interfaces(IFF_UP)
        only = None
        if wanted.get('interfaces') is not None:
            self.names = {index: name for index, name in socket.if_nameindex() if name in wanted['interfaces']}
            only = sorted(self.names)
            if not only:
                raise OSError('no such interface')
        self.seen, self.received, self.truncated = 0, 0, False
        self.flows, self.messages, self.next = {}, [], 0
        loopback = [index for index, name in socket.if_nameindex() if name == 'lo'] if only is None else []
        # What arrives before the filter stands is thrown away with the plain queue when the ring is set up.
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        attach(self.socket, multicast_filter(only, loopback, wanted['groups'], SNAP))
        self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack('=IIII', BLOCK, BLOCKS, FRAME, FRAMES))
        self.ring = mmap.mmap(self.socket.fileno(), BLOCK * BLOCKS)
        self.statistics()
        self.began, self.clock = time.monotonic(), time.time()

    def statistics(self):
        """Packets dropped since this was last asked."""
        return struct.unpack('=II', self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]

    def run(self):
        """Watches until the time is over, or enough was seen."""
        until = self.began + self.wanted['duration'] / 1000.0
        enough = self.wanted.get('enough')
        while True:
            self.drain()
            if enough and self.seen >= enough['packets']:
                until, enough = min(until, time.monotonic() + enough['grace'] / 1000.0), None
            left = until - time.monotonic()
            if left <= 0:
                break
            if self.alive in select.select([self.socket, self.alive], [], [], left)[0]:
                os._exit(1)
        self.drain()

    def drain(self):
        # At most one round, so that a fast stream cannot keep the look from ending.
        for _ in range(FRAMES):
            offset = self.next * FRAME
            frame = HEADER.unpack_from(self.ring, offset)
            if not frame[0] & TP_STATUS_USER:
                return
            self.take(offset, frame)
            struct.pack_into('=I', self.ring, offset, 0)
            self.next = (self.next + 1) % FRAMES

    def take(self, offset, frame):
        status, length, snaplen, mac, net, sec, nsec, tci, tpid, _, _, index, hardware, kind = frame
        snap, link = self.ring[offset + mac:offset + mac + snaplen], net - mac
        if status & TP_STATUS_VLAN_VALID and hardware == ARPHRD_ETHER:
            # The kernel takes the tag out of the frame; on the wire it is there.
            tag = struct.pack('!HH', tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100, tci)
            snap, link, length = snap[:12] + tag + snap[12:], link + 4, length + 4
        try:
            message, fragment, key = classify(snap, link)
        except IndexError:
            return
        at = max(0, (sec - self.clock + nsec / 1e9) * 1000)
        out = kind == PACKET_OUTGOING
        if message:
            self.note_message(index, hardware, out, at, snap)
        else:
            self.note_flow((index, out, key), hardware, at, snap, length, fragment)

    def note_message(self, index, hardware, out, at, snap):
        if len(self.messages) >= MESSAGES:
            self.truncated = True
        else:
            self.messages.append((index, hardware, out, at, snap))

    def note_flow(self, key, hardware, at, snap, length, fragment):
        self.seen += 1
        if not key[1]:
            self.received += 1
        flow = self.flows.get(key)
        if flow is None:
            if len(self.flows) >= KEYS:
                self.truncated = True
                return
            # hardware, snap, first, last, packets, bytes, largest, fragments
            flow = self.flows[key] = [hardware, snap, at, at, 0, 0, 0, 0]
        flow[3] = at
        flow[4] += 1
        flow[5] += length
        flow[6] = max(flow[6], length)
        flow[7] += fragment

    def finish(self, speaker, step):
        """Says what was seen, and closes."""
        duration = (time.monotonic() - self.began) * 1000
        lost = self.statistics()
        self.ring.close()
        self.socket.close()
        current = dict(socket.if_nameindex())
        current.update(self.names)

        def name(index):
            return current.get(index, 'if%d' % index)
        speaker.say(
            'look', step=step, duration=round(duration), interfaces=[self.names[index] for index in sorted(self.names)],
            lost=lost, truncated=self.truncated,
            packets=[{'interface': name(index), 'hardware': flow[0], 'out': out, 'snap': b64(flow[1][:SNAP]), 'packets': flow[4],
                      'bytes': flow[5], 'largest': flow[6], 'fragments': flow[7], 'first': round(flow[2], 1), 'last': round(flow[3], 1)}
                     for (index, out, _), flow in self.flows.items()],
            messages=[{'interface': name(index), 'hardware': hardware, 'out': out, 'at': round(at, 1), 'snap': b64(snap[:SNAP])}
                      for index, hardware, out, at, snap in self.messages])


def classify(snap, link):
    """Whether a packet is IGMP or MLD, whether a fragment, and the header fields that packets of one flow share."""
    if snap[link] >> 4 == 4:
        protocol, ports = snap[link + 9], link + (snap[link] & 15) * 4
        fragment = snap[link + 6] << 8 & 0x3f00 | snap[link + 7]
        later = fragment & 0x1fff
        key, message = snap[:link] + snap[link + 8:link + 10] + snap[link + 12:link + 20], protocol == IGMP
    else:
        protocol, ports, fragment, later = snap[link + 6], link + 40, 0, 0
        key = snap[:link] + snap[link + 6:link + 40]
        message = protocol == HOP_BY_HOP and snap[link + 40] == ICMP6 and snap[link + 48] in MLD_TYPES
        if protocol == FRAGMENT:
            later = snap[link + 42] << 5 | snap[link + 43] >> 3
            protocol, ports, fragment = snap[link + 40], link + 48, 1
    if protocol in WITH_PORTS and not later:
        key += snap[ports:ports + 4]
    return message, 1 if fragment else 0, key
