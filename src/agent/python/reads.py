"""Reading one network namespace: files, netlink dumps, programs, and who owns which socket."""
import base64
import glob
import os
import re
import select
import socket
import struct
import subprocess
import time

from say import NODE_ROOT, b64, text, words

FILE_LIMIT = 4 << 20
OUTPUT_LIMIT = 16 << 20
COMMAND_SECONDS = 5
PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_DUMP_REQUEST = 0x301
NLM_F_DUMP_INTR = 0x10


def read_all(speaker, phase, reads, mode, home, chrooted):
    """Says everything that `reads` asks for. Programs are started first, so that they run while the rest is read."""
    running = [(command, start(command, mode, chrooted)) for command in reads['commands']]
    for pattern in reads['files']:
        read_files(speaker, phase, pattern, home)
    whole = True
    for dump in reads['netlink']:
        try:
            speaker.say('netlink', phase=phase, name=dump['name'], data=b64(netlink(dump)))
        except OSError as error:
            whole = False
            speaker.failed(phase, dump['name'], error)
    if not whole and 'fallback' in reads:
        running += [(command, start(command, mode, chrooted)) for command in reads['fallback']['commands']]
        for pattern in reads['fallback']['files']:
            read_files(speaker, phase, pattern, home)
    if reads['owners']:
        read_owners(speaker, phase, mode)
    for command, begun in running:
        finish(speaker, phase, command, begun)


def read_files(speaker, phase, pattern, home):
    # sysfs shows the network namespace of whoever mounted it, not the reader's.
    if pattern.startswith('/sys/') and network_namespace() != home:
        return speaker.failed(phase, pattern, 'sysfs here shows another network namespace')
    paths = [pattern]
    if '*' in pattern or '?' in pattern:
        paths = sorted(glob.glob(pattern.replace('[', '[[]')))
        if not paths:
            return speaker.failed(phase, pattern, 'No such file or directory')
    for path in paths:
        shown = text(os.fsencode(path))
        try:
            speaker.say('file', phase=phase, path=shown, text=text(read_file(path)))
        except OSError as error:
            speaker.failed(phase, shown, error)


def network_namespace(pid='self'):
    return os.stat('/proc/%s/ns/net' % pid).st_ino


def read_file(path):
    # Never waits for the writer of a pipe.
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    chunks, size = [], 0
    try:
        # Small reads: sysctls refuse large buffers (ENOMEM).
        for chunk in iter(lambda: os.read(fd, 1 << 16), b''):
            chunks.append(chunk)
            size += len(chunk)
            if size > FILE_LIMIT:
                raise OSError('longer than %d bytes' % FILE_LIMIT)
    finally:
        os.close(fd)
    return b''.join(chunks)


def netlink(dump):
    """The answer to a dump request, its messages one after another as netlink(7) has them."""
    for last in (False, True):
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, dump['protocol']) as sock:
            sock.settimeout(3)
            sock.bind((0, 0))
            body = base64.b64decode(dump['body'])
            sock.send(struct.pack('=IHHII', 16 + len(body), dump['type'], NLM_F_DUMP_REQUEST, 1, 0) + body)
            data, interrupted = receive(sock)
        if last or not interrupted:
            return data


def receive(sock):
    answer, interrupted = [], False
    while True:
        data = sock.recv(1 << 20)
        offset = 0
        while offset + 16 <= len(data):
            size, kind, flags = struct.unpack_from('=IHH', data, offset)
            if size < 16:
                raise OSError('malformed netlink answer')
            # NLMSG_DONE carries the dump's own status.
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                code = struct.unpack_from('=i', data, offset + 16)[0] if size >= 20 else 0
                if code < 0:
                    raise OSError(-code, os.strerror(-code))
                return b''.join(answer), interrupted
            interrupted = interrupted or bool(flags & NLM_F_DUMP_INTR)
            answer.append(data[offset:offset + size])
            offset += (size + 3) & ~3


def start(command, mode, chrooted):
    """Starts a program; returns (process, root, time), or the error why it could not be."""
    roots = {'here': ['here'], 'node': ['node'], 'either': ['here', 'node']}[command['root']]
    error = None
    for root in roots:
        if root == 'node' and mode != 'node':
            error = error or OSError("the node's files are out of reach from a container")
            continue
        try:
            if root == 'node':
                os.stat(NODE_ROOT + '/')
            process = subprocess.Popen(
                command['argv'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={'PATH': PATH, 'LC_ALL': 'C'}, preexec_fn=go_to_node_root if root == 'node' else None)
            return process, 'node' if chrooted else root, time.monotonic()
        except (OSError, subprocess.SubprocessError) as problem:
            error = error or problem
            if not isinstance(problem, FileNotFoundError):
                break
    return error


def go_to_node_root():
    os.chroot(NODE_ROOT)
    os.chdir('/')


def finish(speaker, phase, command, begun):
    if isinstance(begun, Exception):
        return speaker.failed(phase, command['name'], begun)
    process, root, since = begun
    try:
        out, err = collect(process, since + COMMAND_SECONDS)
    except OSError as error:
        process.kill()
        process.wait()
        return speaker.failed(phase, command['name'], error)
    finally:
        process.stdout.close()
        process.stderr.close()
    speaker.say('command', phase=phase, name=command['name'], status=process.wait(), stdout=text(out), stderr=text(err), root=root)


def collect(process, until):
    """What a program prints, until it has closed both streams."""
    chunks = {process.stdout.fileno(): [], process.stderr.fileno(): []}
    order, size = list(chunks), 0
    waiting = list(order)
    while waiting:
        ready = select.select(waiting, [], [], max(0, until - time.monotonic()))[0]
        if not ready:
            raise OSError('did not end within %d s' % COMMAND_SECONDS)
        for fd in ready:
            chunk = os.read(fd, 1 << 16)
            if not chunk:
                waiting.remove(fd)
            chunks[fd].append(chunk)
            size += len(chunk)
        if size > OUTPUT_LIMIT:
            raise OSError('printed more than %d bytes' % OUTPUT_LIMIT)
    return b''.join(chunks[order[0]]), b''.join(chunks[order[1]])


def read_owners(speaker, phase, mode):
    """Which process has which socket of this namespace open. One inode may have several owners."""
    try:
        mine = network_namespace()
    except OSError as error:
        return speaker.failed(phase, 'owners', error)
    sockets, hidden, reason = [], 0, ''
    for name in sorted((entry for entry in os.listdir('/proc') if entry.isdigit()), key=int):
        try:
            if network_namespace(name) != mine:
                continue
            for inode in socket_inodes(name):
                sockets.append({'inode': inode, 'pid': int(name), 'command': text(read_file('/proc/%s/comm' % name)).rstrip('\n')})
        except PermissionError as error:
            hidden, reason = hidden + 1, words(error)
        except OSError:
            pass
    speaker.say('owners', sockets=sockets)
    if hidden and mode != 'node':
        speaker.failed(phase, 'owners', '%d processes could not be read: %s' % (hidden, reason))


def socket_inodes(pid):
    found = set()
    for fd in os.listdir('/proc/%s/fd' % pid):
        try:
            match = re.match(r'socket:\[(\d+)\]$', os.readlink('/proc/%s/fd/%s' % (pid, fd)))
        except OSError:
            continue
        if match:
            found.add(int(match.group(1)))
    return sorted(found)
