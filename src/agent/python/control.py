"""What kmcast asks of a running agent, and how its places are told."""
import json
import os
import time


class Lines(object):
    """Pipes that tell a place something by their end: that this agent is gone, that what sends and counts is to end."""

    def __init__(self, alive, halt):
        self.alive, self.halt = alive, halt


class Control(object):
    """What is asked on stdin while a job runs, a word a line: `clock ID` for the time here, `halt` to end sending and counting."""

    def __init__(self, halting):
        self.halting, self.line, self.inputs = halting, b'', [0]

    def read(self, outbox):
        """Does what stdin says; false when it is closed, which halts."""
        data = os.read(0, 4096)
        if not data:
            self.inputs = []
            self.halt()
            return False
        lines = (self.line + data).split(b'\n')
        self.line = lines.pop()[-100:]
        for line in lines:
            asked = line.decode('ascii', 'replace').split()
            if asked[:1] == ['clock'] and len(asked) == 2:
                outbox += json.dumps({'type': 'clock', 'id': asked[1], 'at': int(time.time() * 1000000)}).encode() + b'\n'
            elif asked == ['halt']:
                self.halt()
        return True

    def halt(self):
        if self.halting is not None:
            os.close(self.halting)
            self.halting = None
