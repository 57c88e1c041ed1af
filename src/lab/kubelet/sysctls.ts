/** Which sysctls a pod may set (pkg/kubelet/sysctl): those that change nothing outside it. */
import type { KubeObject } from '../object.ts';
import type { PodSpec } from './types.ts';

/** Those of Kubernetes 1.32. */
const SAFE = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/**
 * What the kubelet says of the first sysctl that it does not permit; undefined when all are.
 * @param allowed patterns as of --allowed-unsafe-sysctls: a name, or a beginning and `*`
 */
export function forbiddenSysctl(pod: KubeObject, allowed: readonly string[]): string | undefined {
  const sysctls = (pod.spec as PodSpec).securityContext?.sysctls ?? [];
  const permitted = (name: string) =>
    SAFE.has(name) ||
    allowed.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  const first = sysctls.find(({ name }) => !permitted(name.replaceAll('/', '.')));
  return first && `forbidden sysctl: "${first.name}" not allowlisted`;
}
