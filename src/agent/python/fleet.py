"""
The agent of a fleet: Kubernetes runs it in a pod of its own, and nobody talks to it. What to do stands in a file. It joins and says by
another file that it is ready; SIGTERM, which is its pod's deletion, lets it send; what came of it is its container's termination
message. The job, the order of what it says and the levels are explained in src/fleet/fleet-job.ts and src/fleet/result.ts.
"""
import json
import os
import select
import signal
import sys
import time

from say import words
from datagram import TEST_HEADER, MAGIC, addresses
from receive import bad_checksums, open_socket, socket_drops
from send import Flow

LARGEST = 4096
LEVELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
ALL, ALL_ODD, PARTS = 63, 62, 61
BATCH = 512
# Seconds for what comes twice, when all has come.
LINGER = 0.2


def lead(job, name, ready, message):
    begun = time.monotonic()
    told, telling = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(telling, b'.'))
    by_address, indexes = addresses()
    index = job['ends'].index(name) if name in job['ends'] else -1
    hearing = Hearing(job, by_address, indexes) if index in job['receivers'] else None
    position = job['senders'].index(index) if index in job['senders'] else None
    flow = None if position is None else Flow(flow_of(job, position), bytes.fromhex(job['run']), by_address, indexes)
    with open(ready, 'w'):
        pass
    poll = select.poll()
    poll.register(told, select.POLLIN)
    for one in hearing.sockets if hearing else []:
        poll.register(one.socket, select.POLLIN)
    while not any(fd == told for fd, _ in poll.poll()):
        hearing.drain()
    # Whoever wanted this to begin is long gone: the cluster only cleans up.
    if time.monotonic() - begun < job['patience'] / 1000.0:
        poll.unregister(told)
        run(job, hearing, flow, position, poll)
        write(message, job, index, hearing, flow, int(time.time() * 1000))


def run(job, hearing, flow, position, poll):
    """Sends when its turn has come, and counts until everything came or the time is over."""
    began = time.monotonic()
    until = began + job['window'] / 1000.0
    if flow:
        flow.due = began + (job['delay'] + position // job['atOnce'] * job['wave']) / 1000.0
    ended = False
    while True:
        now = time.monotonic()
        if flow and not flow.over and flow.due <= now:
            flow.go(now)
        if not ended and (not flow or flow.over) and (not hearing or hearing.left == 0):
            ended, until = True, min(until, now + LINGER)
        if now >= until:
            return
        due = min(until, flow.due) if flow and not flow.over else until
        if poll.poll(max(0, due - time.monotonic()) * 1000) and hearing:
            hearing.drain()


def flow_of(job, position):
    one = {'id': position + 1, 'to': job['group'], 'port': job['port'], 'ttl': job['ttl'], 'size': job['size'], 'count': job['count'], 'rate': job['rate']}
    if job.get('fromInterface'):
        one['interface'] = job['fromInterface']
    return one


class Told(object):
    """Takes what the parts of the agent say."""

    def say(self, kind, **fields):
        self.fields = fields


class Hearing(object):
    """The group's socket, and that of a group that must stay silent: who was heard at them."""

    def __init__(self, job, by_address, indexes):
        self.count, self.run = job['count'], bytes.fromhex(job['run'])
        self.heard = [None] * len(job['senders'])
        self.left, self.leaked, self.foreign = len(self.heard), 0, 0
        self.buffer, self.error, self.sockets, self.told = bytearray(65536), None, [], Told()
        on = {'interface': job['toInterface']} if job.get('toInterface') else {}
        wanted = {'run': job['run'], 'buffer': job['buffer']}
        group = dict(on, id='group', group=job['group'], port=job['port'], source=job.get('source'))
        silent = dict(on, id='silent', group=job['silent'], port=job['port'], anyAddress=True)
        try:
            self.sockets.append(open_socket(group, wanted, by_address, indexes, self.told))
            self.sockets.append(open_socket(silent, wanted, by_address, indexes, Told()))
        except (OSError, OverflowError) as error:
            self.error = error
        self.spoiled = bad_checksums()

    def drain(self):
        for one, take in zip(self.sockets, (self.take, self.leak)):
            recv, buffer = one.socket.recv_into, self.buffer
            try:
                for _ in range(BATCH):
                    take(recv(buffer))
            except (BlockingIOError, InterruptedError):
                pass

    def take(self, size):
        if size < TEST_HEADER.size:
            self.foreign += 1
            return
        number, _, _, _, _, magic, run, sender = TEST_HEADER.unpack_from(self.buffer)
        if magic != MAGIC or run != self.run or not 0 < sender <= len(self.heard) or number >= self.count:
            self.foreign += 1
            return
        heard = self.heard[sender - 1]
        if heard is None:
            heard = self.heard[sender - 1] = Heard(number)
        if heard.number(number) == self.count:
            self.left -= 1

    def leak(self, size):
        if size >= TEST_HEADER.size and TEST_HEADER.unpack_from(self.buffer)[6] == self.run:
            self.leaked += 1


class Heard(object):
    """One sender: a bit for each number that came."""

    def __init__(self, first):
        self.seen = self.unique = self.duplicates = self.reordered = 0
        self.first = self.highest = first

    def number(self, value):
        """Returns how many different numbers came, at the moment when another one does."""
        bit = 1 << value
        if self.seen & bit:
            self.duplicates += 1
            return None
        self.seen |= bit
        self.unique += 1
        if value < self.highest:
            self.reordered += 1
        else:
            self.highest = value
        return self.unique

    def after(self):
        return bin(self.seen >> self.first).count('1')


def level(heard, count):
    if heard is None:
        return 0
    if heard.unique >= count:
        return ALL_ODD if heard.duplicates or heard.reordered else ALL
    return 1 + (heard.unique - 1) * PARTS // max(1, count - 1)


def write(message, job, index, hearing, flow, ended):
    result = {'v': 1, 'e': index, 'z': ended}
    if flow:
        told = flow.told
        result['s'] = {'a': told.get('source'), 'i': told.get('interface'), 't': flow.number, 'n': flow.sent, 'l': flow.ended // 1000,
                       'x': [[name, count, text[:60]] for name, (count, text) in sorted(flow.errors.items())[:3]]}
    if hearing and hearing.error:
        code = errno.errorcode.get(getattr(hearing.error, 'errno', None))
        result['j'] = [code, words(hearing.error)[:100]]
    elif hearing:
        result['r'] = heard_by(hearing, job['count'])
    fit(result)
    with open(message, 'w') as file:
        file.write(dumps(result))


def heard_by(hearing, count):
    group, told = hearing.sockets[0], hearing.told.fields
    spoiled, drops = bad_checksums(), socket_drops().get(group.inode)
    if drops is not None and spoiled is not None:
        drops = max(0, drops - (spoiled - (hearing.spoiled or 0)))
    levels = ''.join(LEVELS[level(heard, count)] for heard in hearing.heard)
    exact = sorted(([position, heard.unique, heard.first, heard.after(), heard.duplicates, heard.reordered]
                    for position, heard in enumerate(hearing.heard)
                    if heard and (heard.unique < count or heard.duplicates or heard.reordered)), key=lambda row: row[1])
    return {'i': told.get('interface'), 'b': told.get('buffer'), 'd': drops, 'l': hearing.leaked, 'f': hearing.foreign,
            'c': levels, 'x': exact, 'm': 0}


def fit(result):
    """Leaves exact rows out, the best ones first, until the message has its size; their levels remain."""
    rows = result.get('r', {}).get('x', [])
    while rows and len(dumps(result)) > LARGEST:
        drop = max(1, len(rows) // 8)
        del rows[-drop:]
        result['r']['m'] += drop


def dumps(result):
    return json.dumps(result, separators=(',', ':'))


def launch(folder, ready, message):
    try:
        os.unlink(ready)
    except OSError:
        pass
    try:
        with open(folder + '/job.json') as file:
            lead(json.load(file), os.environ['KMCAST_END'], ready, message)
    except Exception as error:
        with open(message, 'w') as file:
            file.write(dumps({'v': 1, 'error': words(error)[:500]}))
        os._exit(1)
    os._exit(0)


if __name__ == '__main__':
    launch(*sys.argv[1:4])
