/** The Node objects of the lab's machines, as kubelets register them. */
import { readFileSync } from 'node:fs';
import { availableParallelism, release, totalmem } from 'node:os';
import type { NewObject } from '../object.ts';
import type { Node } from '../place.ts';
import { timestamp } from '../store/names.ts';
import type { Store } from '../store.ts';

const KUBELET = 'v1.34.0';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** What is registered already is left as it is. */
export function registerNodes(store: Store, nodes: readonly Pick<Node, 'name' | 'lan' | 'podCidr'>[]): void {
  for (const node of nodes)
    if (store.get('nodes', undefined, node.name) === undefined) store.create('nodes', nodeObject(node));
}

function nodeObject({ name, lan, podCidr }: Pick<Node, 'name' | 'lan' | 'podCidr'>): NewObject {
  const arch = ARCHITECTURES[process.arch] ?? process.arch;
  const capacity = { cpu: String(availableParallelism()), memory: `${Math.floor(totalmem() / 1024)}Ki`, pods: '110' };
  return {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': arch,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: { podCIDR: podCidr, podCIDRs: [podCidr] },
    status: {
      addresses: [
        { type: 'InternalIP', address: lan },
        { type: 'Hostname', address: name },
      ],
      allocatable: capacity,
      capacity,
      conditions: conditions(),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: nodeInfo(arch),
    },
  };
}

function conditions(): object[] {
  const now = timestamp();
  const times = { lastHeartbeatTime: now, lastTransitionTime: now };
  const quiet = (type: string, reason: string, message: string) => ({
    type,
    status: 'False',
    reason,
    message,
    ...times,
  });
  return [
    quiet('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    quiet('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    quiet('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status', ...times },
  ];
}

function nodeInfo(architecture: string): Record<string, string> {
  const machineID = read('/etc/machine-id').trim().replaceAll('-', '');
  return {
    architecture,
    bootID: read('/proc/sys/kernel/random/boot_id').trim(),
    containerRuntimeVersion: 'kmcast-lab://1',
    kernelVersion: release(),
    kubeProxyVersion: '',
    kubeletVersion: KUBELET,
    machineID,
    operatingSystem: 'linux',
    osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(read('/etc/os-release'))?.[1] ?? 'Linux',
    systemUUID: machineID,
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
