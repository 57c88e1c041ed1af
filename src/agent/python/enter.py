"""Finding and entering network namespaces."""
import glob
import json
import os

from say import NODE_ROOT

# Where container runtimes keep the OCI configuration of what runs: containerd, k3s and RKE2, MicroK8s, CRI-O.
RUNTIME_STATE = (
    ('/run/containerd/io.containerd.runtime.v2.task/k8s.io/*', 'init.pid'),
    ('/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/*', 'init.pid'),
    ('/var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task/k8s.io/*', 'init.pid'),
    ('/run/containers/storage/overlay-containers/*/userdata', 'pidfile'),
)
UID_ANNOTATIONS = ('io.kubernetes.cri.sandbox-uid', 'io.kubernetes.pod.uid')
TYPE_ANNOTATIONS = ('io.kubernetes.cri.container-type', 'io.kubernetes.cri-o.ContainerType')
CLONE_NEWNET = 0x40000000


def process_cgroups():
    """The control groups of every process, as (pid, text), lowest pid first. Read once for all places."""
    found = []
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open('/proc/%s/cgroup' % name) as file:
                    found.append((int(name), file.read()))
            except (OSError, ValueError):
                pass
    return sorted(found)


def enter(target, mode, cgroups):
    """Moves this process into a network namespace; returns the pid whose it is, 0 for a namespace without a process."""
    if target['kind'] == 'here':
        return os.getpid()
    if mode != 'node':
        raise OSError("needs the node's process namespace, and this is a container's")
    pid, path = (1, None) if target['kind'] == 'node' else find_pod(target, cgroups)
    if path is None:
        path = '/proc/%d/ns/net' % pid
    fd = os.open(path, os.O_RDONLY)
    try:
        set_namespace(fd)
    finally:
        os.close(fd)
    return pid


def find_pod(target, cgroups):
    """A process of the pod, and its namespace's path where that is not the process's own."""
    for container in target['containers']:
        for pid, groups in cgroups:
            if container and container in groups:
                return pid, None
    uid = target['uid']
    marks = ('pod' + uid, 'pod' + uid.replace('-', '_'))
    for pid, groups in cgroups:
        if uid and any(mark in groups for mark in marks):
            return pid, None
    for pattern, pidfile in RUNTIME_STATE:
        for folder in glob.glob(NODE_ROOT + pattern):
            found = read_sandbox(folder, pidfile, uid)
            if found is not None:
                return found
    raise OSError('no process and no sandbox of pod %s/%s on this node' % (target['namespace'], target['name']))


def read_sandbox(folder, pidfile, uid):
    """The sandbox of the pod with this UID: its process, else the namespace that the runtime keeps by name."""
    try:
        with open(folder + '/config.json') as file:
            config = json.load(file)
    except (OSError, ValueError):
        return None
    notes = config.get('annotations') or {}
    if not any(notes.get(name) == uid for name in UID_ANNOTATIONS):
        return None
    if not any(notes.get(name) == 'sandbox' for name in TYPE_ANNOTATIONS):
        return None
    try:
        with open(folder + '/' + pidfile) as file:
            pid = int(file.read())
        if os.path.exists('/proc/%d/ns/net' % pid):
            return pid, None
    except (OSError, ValueError):
        pass
    for space in config.get('linux', {}).get('namespaces', []):
        if space.get('type') == 'network' and space.get('path'):
            # /var/run is an absolute link on most nodes, which would lead out of the node's root.
            path = NODE_ROOT + space['path'].replace('/var/run/', '/run/', 1)
            if os.path.exists(path):
                return 0, path
    return None


def set_namespace(fd):
    if hasattr(os, 'setns'):
        os.setns(fd, CLONE_NEWNET)
        return
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(fd, CLONE_NEWNET) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
