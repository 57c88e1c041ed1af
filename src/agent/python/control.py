"""What kmcast asks of a running agent, and how its places are told."""
import json
import os
import time


class Lines(object):
    """Pipes that tell a place something by their end: that this agent is gone, that what sends and counts is to end, that it may send."""

    def __init__(self, alive, halt, go):
        self.alive, self.halt, self.go = alive, halt, go


class Control(object):
    """What is asked on stdin while a job runs, a line each: `clock ID` for the time here, `go` for senders that wait, `halt`
    to end sending and counting."""

    def __init__(self, halting, going):
        self.ends, self.line, self.inputs = {'halt': halting, 'go': going}, b'', [0]

    def read(self, outbox):
        """Does what stdin says; false when it is closed, which halts."""
        data = os.read(0, 4096)
        if not data:
            self.inputs = []
            self.tell('halt')
            return False
        lines = (self.line + data).split(b'\n')
        self.line = lines.pop()[-100:]
        for line in lines:
            asked = line.decode('ascii', 'replace').split()
            if asked[:1] == ['clock'] and len(asked) == 2:
                outbox += json.dumps({'type': 'clock', 'id': asked[1], 'at': int(time.time() * 1000000)}).encode() + b'\n'
            elif len(asked) == 1 and asked[0] in self.ends:
                self.tell(asked[0])
        return True

    def tell(self, word):
        """The end of a pipe is told once."""
        end = self.ends.pop(word, None)
        if end is not None:
            os.close(end)
