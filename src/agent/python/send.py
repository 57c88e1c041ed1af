"""Sending test datagrams at a bounded rate."""
import errno
import os
import select
import socket
import time

from say import words
from datagram import TEST_HEADER, addresses, boot, index_of, leave_by, make, target, way

# What a sender that was held up may make good at once: so many seconds' worth, or so many datagrams of a longer time.
BURST, BURST_DATAGRAMS, BURST_LONGEST = 0.02, 100, 0.1
MOST_ERRORS = 20


def send_datagrams(wanted, lines, speaker):
    """Sends all flows side by side until each has its count, the time is over, or it is told to halt; then says what was sent."""
    alive, halt = lines.alive, lines.halt
    by_address, indexes = addresses()
    run = bytes.fromhex(wanted['run'])
    flows = [Flow(one, run, by_address, indexes) for one in wanted['flows']]
    if wanted.get('wait'):
        say_sent(speaker, flows, False)
        if alive in select.select([alive, halt, lines.go], [], [])[0]:
            os._exit(1)
    began = time.monotonic()
    until = began + wanted['duration'] / 1000.0
    every = wanted['every'] / 1000.0
    told = began + every
    for flow in flows:
        flow.due = began
    while True:
        now = time.monotonic()
        if every and now >= told:
            say_sent(speaker, flows, False)
            told = now + every
        if now >= until:
            break
        waits = [flow.go(now) for flow in flows if not flow.over]
        if not waits:
            break
        nearest = min(waits + [until] + ([told] if every else []))
        ready = select.select([alive, halt], [], [], max(0, nearest - time.monotonic()))[0]
        if alive in ready:
            os._exit(1)
        if halt in ready:
            break
    say_sent(speaker, flows, True)


class Flow(object):
    """One sender's datagrams to one address. `due`: when the next one is to go."""

    def __init__(self, one, run, by_address, indexes):
        if one.get('ifOwn') and not is_own(one['source']):
            one = dict(one, source=None)
        self.one, self.run = one, run
        self.sent, self.errors, self.began, self.ended = 0, {}, 0, 0
        self.number, self.over, self.socket = 0, False, None
        self.told = {}
        self.step = 1.0 / one['rate']
        self.burst = max(BURST, min(BURST_LONGEST, BURST_DATAGRAMS * self.step))
        interface = one.get('interface')
        try:
            source = one.get('source') or way(one['to'], one['port'], interface, indexes)
            self.told = {'source': source, 'interface': interface or by_address.get(source)}
            self.target = target(one['to'], one['port'], interface, indexes)
            self.socket = open_sender(one, interface, indexes)
            self.told['port'] = self.socket.getsockname()[1]
        except OSError as error:
            self.fail(error)
            self.over = True

    def go(self, now):
        """Sends what is due, and returns when the next one is."""
        while self.due <= now and not self.over:
            self.send_one()
            # Time that was lost for longer than a burst is not made good.
            self.due = max(self.due + self.step, now - self.burst)
            if self.one.get('count') is not None and self.number >= self.one['count']:
                self.over = True
        return self.due

    def send_one(self):
        at = int(time.time() * 1000000)
        try:
            self.socket.sendto(make(self.number, at, self.run, self.one['id'], max(self.one['size'], TEST_HEADER.size)), self.target)
            self.sent += 1
            self.began = self.began or at
            self.ended = at
        except OSError as error:
            self.fail(error)
        self.number += 1

    def fail(self, error):
        name = errno.errorcode.get(error.errno, str(error.errno))
        if name in self.errors or len(self.errors) < MOST_ERRORS:
            self.errors.setdefault(name, [0, words(error)])[0] += 1


def is_own(address):
    with socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind((address, 0))
        except OSError:
            return False
    return True


def open_sender(one, interface, indexes):
    v6 = ':' in one['to']
    sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
    leave_by(sock, v6, interface, indexes)
    if v6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, one['ttl'])
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, max(one['ttl'], 64))
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, one['ttl'])
    if one.get('source'):
        sock.bind((one['source'], 0) + ((0, index_of(interface, indexes)) if v6 and interface else ()))
    else:
        # The port is known, and the same, from the first datagram on.
        sock.bind(('', 0))
    return sock


def say_sent(speaker, flows, last):
    speaker.say('sent', last=last, at=int(time.time() * 1000000), boot=boot(), flows=[
        dict({name: value for name, value in flow.told.items() if value is not None}, id=flow.one['id'],
             tried=flow.number, sent=flow.sent, began=flow.began, ended=flow.ended,
             errors=[{'code': name, 'packets': count, 'error': text} for name, (count, text) in flow.errors.items()])
        for flow in flows])
