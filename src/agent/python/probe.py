"""Asking a LAN who has an address: ARP probes (RFC 5227 section 2.1.1), whose sender address 0.0.0.0 changes nobody's cache."""
import select
import socket
import struct
import time

ETH_P_ARP = 0x0806
ARP_REQUEST = 1
# Probes leave one after another: a LAN's switches limit ARP, and an answer takes far longer than this.
PAUSE = 0.004


def probe(wanted, speaker):
    """Probes every address once and says which answered until the time is up."""
    name = wanted['interface']
    asked = {socket.inet_aton(address): address for address in wanted['addresses']}
    answered = set()
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP))
    try:
        sock.bind((name, ETH_P_ARP))
        own = sock.getsockname()[4]
        for address in asked:
            sock.send(request(own, address))
            hear(sock, asked, answered, time.monotonic() + PAUSE)
        hear(sock, asked, answered, time.monotonic() + wanted['duration'] / 1000.0)
    finally:
        sock.close()
    speaker.say('answered', interface=name, addresses=[asked[a] for a in asked if a in answered])


def request(own, address):
    header = struct.pack('!6s6sH', b'\xff' * 6, own, ETH_P_ARP)
    return header + struct.pack('!HHBBH6s4s6s4s', 1, 0x0800, 6, 4, ARP_REQUEST, own, bytes(4), bytes(6), address)


def hear(sock, asked, answered, until):
    """Any ARP packet of a host shows its own address, an answer or not."""
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([sock], [], [], left)[0]:
            return
        frame = sock.recv(64)
        if len(frame) >= 42 and frame[28:32] in asked:
            answered.add(frame[28:32])
