/** The files in /etc that a kubelet writes for a pod (pkg/kubelet/kubelet_pods.go). */
import type { PodSpec } from './types.ts';

/** /etc/hosts of a pod with its own network. */
export function hostsFile(spec: PodSpec, hostname: string, addresses: readonly string[]): string {
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...addresses.map((address) => `${address}\t${hostname}`),
  ];
  if (spec.hostAliases?.length) {
    lines.push('', '# Entries added by HostAliases.');
    for (const { ip, hostnames = [] } of spec.hostAliases) lines.push([ip, ...hostnames].join('\t'));
  }
  return `${lines.join('\n')}\n`;
}

/** The lab has no name service; what is not in /etc/hosts is not known. */
export function resolvFile(namespace: string): string {
  return `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 127.0.0.1\noptions ndots:5 timeout:1 attempts:1\n`;
}

/** Users of every image. */
export const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n';
export const GROUP = 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n';
