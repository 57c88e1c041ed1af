"""What the agent's parts share: saying things in the protocol's words."""
import base64
import json
import os

NODE_ROOT = '/proc/1/root'


class Speaker(object):
    """Says messages about one place, a JSON object a line, to a file descriptor."""

    def __init__(self, fd, place):
        self.fd = fd
        self.place = place

    def say(self, kind, **fields):
        fields['type'] = kind
        fields['place'] = self.place
        write_all(self.fd, json.dumps(fields).encode() + b'\n')

    def failed(self, phase, what, error):
        self.say('failed', phase=phase, what=what, error=words(error))


def write_all(fd, data):
    view = memoryview(data)
    while len(view):
        view = view[os.write(fd, view):]


def words(error):
    """The system's words for an error, without Python's decoration."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def text(data):
    """Bytes of the kernel's as text: what is not UTF-8 is replaced, so that it can be said in JSON."""
    return data.decode('utf-8', 'replace')


def b64(data):
    return base64.b64encode(data).decode('ascii')
