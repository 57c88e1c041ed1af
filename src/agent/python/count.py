"""Who was heard at a socket, and what became of each one's datagrams."""
import os
import struct

from account import Account
from batch import open_reader
from datagram import MAGIC, TEST_HEADER

MOST_SENDERS = 500
# Batches that are read before other sockets get their turn.
ROUND = 8


class Sender(Account):
    """One sender at one socket; `run` is that of its datagrams, None for datagrams that are not kmcast's."""

    def __init__(self, source, mark):
        Account.__init__(self)
        self.source = source
        self.run, self.sender = (None, None) if mark is None else (mark[8:16].hex(), struct.unpack_from('!I', mark, 16)[0])
        # Datagrams by the headers that they came with.
        self.ways = {}


class Counted(object):
    """One socket, and who was heard at it."""

    def __init__(self, one, sock):
        self.id, self.socket, self.reader = one['id'], sock, open_reader(sock)
        self.senders, self.received, self.truncated = {}, 0, False
        self.inode = os.fstat(sock.fileno()).st_ino

    def drain(self):
        """Takes what waits, at most a round of it, so that other sockets get their turn."""
        for _ in range(ROUND):
            rows = self.reader.rows()
            if not rows:
                return
            self.take(rows)

    def take(self, rows):
        """Most datagrams are the next of the one before: of such a row only the delays are looked at, and the rest is counted at once."""
        sender, mark, name, way, length, following, delays, ended = None, None, None, None, 0, -1, [], 0
        add = delays.append
        for (number, sent, rest, marked), (at, nanoseconds, headers), (source,), (size,) in rows:
            if number == following and marked == mark and source == name and headers == way and size == length:
                following += 1
                add((at - sent) * 1000000 + nanoseconds // 1000 - rest)
                ended = at * 1000000 + nanoseconds // 1000
                continue
            if delays:
                self.count_row(sender, way, delays, length, ended)
            # What is not kmcast's has neither a number nor a mark.
            own = size >= TEST_HEADER.size and marked[:8] == MAGIC
            sender = self.sender(source, marked if own else None)
            following = -1
            if sender is None:
                continue
            self.received += 1
            sender.ways[headers] = sender.ways.get(headers, 0) + 1
            arrived = at * 1000000 + nanoseconds // 1000
            sender.time(arrived, size)
            if own:
                sender.number(number)
                sender.delay(arrived - sent * 1000000 - rest)
                if sender.highest == number:
                    mark, name, way, length, following = marked, source, headers, size, number + 1
            else:
                sender.received += 1
        if delays:
            self.count_row(sender, way, delays, length, ended)

    def count_row(self, sender, way, delays, size, ended):
        self.received += len(delays)
        sender.ways[way] += len(delays)
        sender.row(delays, size, ended)
        del delays[:]

    def sender(self, source, mark):
        """None when there are too many to be told."""
        found = self.senders.get((source, mark))
        if found is None and len(self.senders) < MOST_SENDERS:
            found = self.senders[source, mark] = Sender(self.reader.name(source), mark)
        self.truncated = self.truncated or found is None
        return found


def tell(sender, reader, names):
    ways = {}
    for headers, packets in sender.ways.items():
        way = reader.way(headers)
        ways[way] = ways.get(way, 0) + packets
    told = {'source': sender.source[0], 'port': sender.source[1],
            'ways': [dict(([('interface', names.get(index, 'if%d' % index))] if index else []) + ([('ttl', ttl)] if ttl is not None else []),
                          packets=packets) for (index, ttl), packets in ways.items()]}
    if sender.run is not None:
        told.update(run=sender.run, sender=sender.sender)
    told.update(sender.told())
    return told
