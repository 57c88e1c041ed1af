"""
kmcast's agent for Python 3.6 and later, standard library only. The loader (src/agent/bootstrap.ts) gives JOB, the job's
JSON, MODE: `node` when pid 1 is the node's, `container` otherwise, and CHROOTED, when its root is the node's. stdin is the
lifeline: when it closes, the agent ends.
"""
import json
import os
import select
import signal
import sys
import time

from say import Speaker, text, words, write_all
from enter import enter, process_cgroups
from reads import network_namespace, read_all
from look import IFF_MULTICAST, IFF_UP, Look, interfaces
from join import join
from probe import probe
from control import Control, Lines
from receive import receive_datagrams
from send import send_datagrams

OUTBOX = 1 << 20
PR_SET_CHILD_SUBREAPER = 36
REAP_SECONDS = 0.5
# What counting places have, once stdin is closed, to say what they counted.
LAST_WORDS = 0.5


def main(job, mode):
    write_all(1, json.dumps({'type': 'hello', 'runtime': 'python3', 'version': sys.version.split()[0], 'uid': os.getuid()}).encode() + b'\n')
    deadline = time.monotonic() + job['deadline']
    # Should all else hang: one second later the process group of every place is ended from the signal's handler.
    children = {}
    adopt_orphans()
    signal.signal(signal.SIGALRM, lambda *_: stop(children))
    signal.setitimer(signal.ITIMER_REAL, job['deadline'] + 1)
    try:
        cgroups = process_cgroups() if any(place['enter']['kind'] == 'pod' for place in job['places']) else []
        alive, mine = os.pipe()
        halt, halting = os.pipe()
        go, going = os.pipe()
        for place in job['places']:
            children.update([fork(place, mode, cgroups, Lines(alive, halt, go), (mine, halting, going))])
        reason = relay(children, deadline, Control(halting, going), patience(job))
    finally:
        end(children)
    signal.setitimer(signal.ITIMER_REAL, 1)
    write_all(1, json.dumps({'type': 'end', 'reason': reason}).encode() + b'\n')


def fork(place, mode, cgroups, lines, mine):
    """Starts a place's process, in a group of its own; returns its output and pid."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass
        os.close(theirs)
        return ours, pid
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        os.setpgid(0, 0)
        for fd in mine + (ours,):
            os.close(fd)
        observe(place, mode, cgroups, lines, Speaker(theirs, place['id']))
    finally:
        os._exit(0)


def observe(place, mode, cgroups, lines, speaker):
    home = network_namespace()
    try:
        pid = enter(place['enter'], mode, cgroups)
    except Exception as error:
        speaker.say('refused', error=words(error))
        return
    speaker.say('entered', pid=pid)
    try:
        work(place, mode, lines, speaker, home)
    except Exception as error:
        speaker.failed('before', 'agent', error)
    speaker.say('done')


def work(place, mode, lines, speaker, home):
    alive = lines.alive
    # The look begins first: its ring fills while the reads go on.
    look = begin(place.get('look'), alive, speaker, 'look', 'before')
    if place.get('reads'):
        read_all(speaker, 'before', place['reads'], mode, home, CHROOTED)  # noqa: F821
    if look:
        look.run()
        look.finish(speaker, 'look')
    if place.get('rereads'):
        read_all(speaker, 'after', place['rereads'], mode, home, CHROOTED)  # noqa: F821
    if place.get('probe'):
        try:
            probe(place['probe'], speaker)
        except OSError as error:
            speaker.failed('after', 'probe', error)
    if place.get('receive'):
        receive_datagrams(place['receive'], alive, lines.halt, speaker)
    if place.get('send'):
        send_datagrams(place['send'], lines, speaker)
    wanted = place.get('join')
    if not wanted or wanted['onlyIfUnseen'] and look and look.received:
        return
    watch = begin(wanted, alive, speaker, 'join', 'after')
    names = {index: name for index, name in interfaces(IFF_UP | IFF_MULTICAST).items()
             if wanted.get('interfaces') is None or name in wanted['interfaces']}
    held = join(wanted['joins'], names, speaker)
    if watch:
        watch.run()
        watch.finish(speaker, 'join')
    elif held and select.select([alive], [], [], wanted['duration'] / 1000.0)[0]:
        # Without the right to look, the join may still be seen from elsewhere.
        os._exit(1)
    for sock in held:
        sock.close()


def begin(wanted, alive, speaker, what, phase):
    if not wanted:
        return None
    try:
        return Look(wanted, alive)
    except (OSError, ValueError) as error:
        speaker.failed(phase, what, error)
        return None


def patience(job):
    """Seconds that places have after stdin was closed: none, unless there are counts to say."""
    return LAST_WORDS if any(place.get('receive') or place.get('send') for place in job['places']) else 0


def relay(children, deadline, control, patience):
    """Passes on what the places say, whole lines at a time, until all have ended; returns why it ended."""
    inbox = {fd: bytearray() for fd in children}
    outbox, reason = bytearray(), 'finished'
    while inbox or outbox:
        left = deadline - time.monotonic()
        if left <= 0:
            return 'deadline' if reason == 'finished' else reason
        # A reader that does not keep up holds the places up, not this process.
        sources = list(inbox) if len(outbox) < OUTBOX else []
        readable, writable, _ = select.select(sources + control.inputs, [1] if outbox else [], [], left)
        if 0 in readable and not control.read(outbox):
            reason, deadline = 'stdin closed', min(deadline, time.monotonic() + patience)
        if writable:
            # A pipe that is ready takes PIPE_BUF bytes without blocking.
            del outbox[:os.write(1, outbox[:4096])]
        for fd in readable:
            if fd in inbox:
                data = os.read(fd, 1 << 16)
                lines = data.rfind(b'\n') + 1
                if lines:
                    outbox += inbox[fd] + data[:lines]
                    inbox[fd] = bytearray()
                inbox[fd] += data[lines:]
                if not data:
                    del inbox[fd]
    return reason


def adopt_orphans():
    """Makes orphans this process's children: the first process of many containers never reaps them."""
    try:
        import ctypes
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass


def end(children):
    """Kills every place with all that it started, and reaps them."""
    for pid in children.values():
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            pass
    until = time.monotonic() + REAP_SECONDS
    try:
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.005)
    except OSError:
        pass


def stop(children):
    end(children)
    os._exit(70)


if __name__ == '__main__':
    main(json.loads(text(JOB)), MODE)  # noqa: F821
    # Everything was said; what Python would tidy up now is not needed.
    os._exit(0)
