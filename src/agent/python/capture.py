"""
kmcast's capture agent for Python 3.6 and later: packets of one namespace as a pcapng file on stdout, messages on stderr.
The loader gives JOB and MODE as to the other agent. stdin is the lifeline: when it closes, the agent ends.
"""
import fcntl
import json
import mmap
import os
import select
import signal
import socket
import struct
import sys
import time

from say import text, words, write_all
from enter import enter, process_cgroups
from look import ARPHRD_ETHER, ETH_P_ALL, PACKET_OUTGOING, PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION
from look import SIOCGIFHWADDR, SOL_PACKET, TP_STATUS_USER, TP_STATUS_VLAN_TPID_VALID, TP_STATUS_VLAN_VALID
from bpf import attach, multicast_filter
from join import join

TPACKET_V3 = 2
RING_BLOCK = 1 << 18
# Rings that are tried: a small machine may not have the memory for the first.
RING_BLOCKS = (64, 16, 4)
# Milliseconds after which a block that is not full is handed over.
RETIRE = 40
BLOCK_HEADER = struct.Struct('=IIIII')  # version, offset_to_priv; status, num_pkts, offset_to_first_pkt
# tpacket3_hdr, to the VLAN tag's TPID.
PACKET_HEADER = struct.Struct('=IIIIIIHHIIH')
LINK_ADDRESS = 48  # sockaddr_ll behind the header
ENHANCED = struct.Struct('=IIIIIII')
FLAGS = struct.Struct('=HHIII')
PENDING = 4 << 20
ARPHRD_LOOPBACK = 772
LINKTYPE_ETHERNET, LINKTYPE_RAW = 1, 101


def say(kind, **fields):
    fields['type'] = kind
    write_all(2, json.dumps(fields).encode() + b'\n')


class Reporter(object):
    """Stands in for a place's speaker."""

    def say(self, kind, **fields):
        say(kind, **fields)


class Ring(object):
    """An AF_PACKET socket with a filter and a ring of blocks (packet_mmap.rst, TPACKET_V3), never promiscuous."""

    def __init__(self, names, groups, snap):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        attach(self.socket, multicast_filter(sorted(names), [], groups, snap))
        self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V3)
        for blocks in RING_BLOCKS:
            request = struct.pack('=IIIIIII', RING_BLOCK, blocks, 2048, RING_BLOCK // 2048 * blocks, RETIRE, 0, 0)
            try:
                self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, request)
                break
            except OSError:
                if blocks == RING_BLOCKS[-1]:
                    raise
        self.blocks, self.next, self.lost = blocks, 0, 0
        self.ring = mmap.mmap(self.socket.fileno(), RING_BLOCK * blocks)
        self.count_lost()
        self.lost = 0

    def count_lost(self):
        """Packets dropped so far; the kernel forgets its number when it is read."""
        self.lost += struct.unpack('=III', self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 12))[1]
        return self.lost

    def take(self, ids, out):
        """Appends the packets of the next block to `out` as pcapng; returns how many, or None when there is no block."""
        base = self.next * RING_BLOCK
        _, _, status, packets, offset = BLOCK_HEADER.unpack_from(self.ring, base)
        if not status & TP_STATUS_USER:
            return None
        at = base + offset
        for _ in range(packets):
            at += self.append(at, ids, out)
        struct.pack_into('=I', self.ring, base + 8, 0)
        self.next = (self.next + 1) % self.blocks
        return packets

    def append(self, at, ids, out):
        following, sec, nsec, captured, length, status, mac, _, _, tci, tpid = PACKET_HEADER.unpack_from(self.ring, at)
        index, hardware, kind = struct.unpack_from('=iHB', self.ring, at + LINK_ADDRESS + 4)
        data = self.ring[at + mac:at + mac + captured]
        if status & TP_STATUS_VLAN_VALID and hardware == ARPHRD_ETHER:
            # The kernel takes the tag out of the frame; on the wire it is there.
            tag = struct.pack('!HH', tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100, tci)
            data, captured, length = data[:12] + tag + data[12:], captured + 4, length + 4
        if index in ids:
            stamp = sec * 1000000000 + nsec
            pad = -captured % 4
            size = 48 - 4 + captured + pad
            out += ENHANCED.pack(6, size, ids[index], stamp >> 32, stamp & 0xffffffff, captured, length)
            out += data
            if pad:
                out += b'\0\0\0'[:pad]
            out += FLAGS.pack(2, 4, 2 if kind == PACKET_OUTGOING else 1, 0, size)
        return following


def interface_block(name, linktype, snap):
    data = os.fsencode(name)
    options = struct.pack('=HH', 2, len(data)) + data + b'\0' * (-len(data) % 4) + struct.pack('=HHB3xI', 9, 1, 9, 0)
    size = 20 + len(options)
    return struct.pack('=IIHHI', 1, size, linktype, 0, snap) + options + struct.pack('=I', size)


def link_type(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        answer = fcntl.ioctl(sock, SIOCGIFHWADDR, struct.pack('16s16x', os.fsencode(name)))
    hardware = struct.unpack_from('=H', answer, 16)[0]
    return LINKTYPE_ETHERNET if hardware in (ARPHRD_ETHER, ARPHRD_LOOPBACK) else LINKTYPE_RAW


class Output(object):
    """stdout, written to as fast as the reader takes it; while it does not, the ring fills and says what it lost."""

    def __init__(self):
        os.set_blocking(1, False)
        self.pending, self.written = bytearray(), 0

    def flush(self):
        """Writes what can be written now."""
        while self.pending:
            try:
                size = os.write(1, self.pending)
            except BlockingIOError:
                return
            self.written += size
            del self.pending[:size]


def capture(job, ring, ids, output):
    """Captures until an end is reached; returns why."""
    until = time.monotonic() + job['deadline']
    packets, size = job.get('packets', float('inf')), job.get('bytes', float('inf'))
    said = 0
    while True:
        left = until - time.monotonic()
        if left <= 0:
            return 'deadline'
        taking = len(output.pending) < PENDING
        readable, writable, _ = select.select([0] + ([ring.socket] if taking else []), [1] if output.pending else [], [], left)
        if 0 in readable and not os.read(0, 4096):
            return 'stdin closed'
        # At most one round, so that a fast stream cannot keep the agent from ending.
        for _ in range(ring.blocks if ring.socket in readable else 0):
            taken = ring.take(ids, output.pending)
            if taken is None or len(output.pending) >= PENDING:
                break
            packets -= taken
            if packets <= 0 or output.written + len(output.pending) >= size:
                return 'finished'
        output.flush()
        if ring.count_lost() > said:
            said = ring.lost
            say('lost', packets=said)


def run(job, mode):
    cgroups = process_cgroups() if job['enter']['kind'] == 'pod' else []
    enter(job['enter'], mode, cgroups)
    present = {name: index for index, name in socket.if_nameindex()}
    missing = [name for name in job['interfaces'] if name not in present]
    if missing:
        raise OSError('no such interface: %s' % ', '.join(missing))
    ids = {present[name]: number for number, name in enumerate(job['interfaces'])}
    ring = Ring(ids, job['groups'], job['snapLength'])
    output = Output()
    output.pending += struct.pack('=IIIHHqI', 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28)
    for name in job['interfaces']:
        output.pending += interface_block(name, link_type(name), job['snapLength'])
    output.flush()
    held = join(job['joins'], {present[name]: name for name in job['joinOn'] if name in present}, Reporter())
    say('began', interfaces=job['interfaces'])
    reason = capture(job, ring, ids, output)
    while output.pending and reason != 'stdin closed':
        # The reader, or the alarm, ends this.
        select.select([], [1], [])
        output.flush()
    say('end', reason=reason, bytes=output.written, lost=ring.count_lost())
    del held
    if reason != 'stdin closed':
        # What was written last gets lost on some ways when a program ends at once: the reader ends this when it has it.
        select.select([0], [], [], 3)


def main(job, mode):
    # Python ignores SIGPIPE; a reader that went away ends the agent, and so does the alarm should all else hang.
    signal.setitimer(signal.ITIMER_REAL, job['deadline'] + 5)
    say('hello', runtime='python3', version=sys.version.split()[0])
    try:
        run(job, mode)
    except BrokenPipeError:
        pass
    except Exception as error:
        say('refused', error=words(error))


if __name__ == '__main__':
    main(json.loads(text(JOB)), MODE)  # noqa: F821
    os._exit(0)
