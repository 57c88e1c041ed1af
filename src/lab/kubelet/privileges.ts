/** What a container may do: its user and capabilities (capabilities(7)), as arguments of setpriv(1). */
import type { KubeObject } from '../object.ts';
import { Waiting } from './image-check.ts';
import { fullName } from './paths.ts';
import type { Container, PodSpec } from './types.ts';

/** What containerd grants when nothing is said. */
const DEFAULT = words(
  'chown dac_override fsetid fowner mknod net_raw setgid setuid setfcap setpcap net_bind_service sys_chroot kill audit_write',
);
const KNOWN = new Set([
  ...DEFAULT,
  ...words(`dac_read_search linux_immutable net_broadcast net_admin ipc_lock ipc_owner sys_module sys_rawio sys_ptrace
    sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config lease audit_control mac_override mac_admin
    syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore`),
]);

export interface Privileges {
  readonly privileged: boolean;
  readonly readOnlyRoot: boolean;
  readonly uid: number;
  readonly gid: number;
  /** The user that was asked for and cannot be had: there is only root here, who then keeps no capability. */
  readonly userUnavailable?: number;
  /** setpriv's arguments, without the program. */
  readonly arguments: readonly string[];
}

/**
 * @param manyUsers false where the user namespace has only uid 0
 * @throws Waiting CreateContainerConfigError where the user breaks runAsNonRoot, in the kubelet's words
 */
export function privilegesOf(pod: KubeObject, container: Container, manyUsers: boolean): Privileges {
  const spec: PodSpec = pod.spec;
  const own = container.securityContext ?? {};
  const all = spec.securityContext ?? {};
  const user = own.runAsUser ?? all.runAsUser;
  const uid = user ?? 0;
  const gid = own.runAsGroup ?? all.runAsGroup ?? 0;
  if ((own.runAsNonRoot ?? all.runAsNonRoot) && uid === 0) {
    const where = `(pod: "${fullName(pod)}", container: ${container.name})`;
    const why =
      user === undefined
        ? 'container has runAsNonRoot and image will run as root'
        : "container's runAsUser breaks non-root policy";
    throw new Waiting('CreateContainerConfigError', `${why} ${where}`);
  }
  const alone = !manyUsers && (uid !== 0 || gid !== 0);
  const groups = [...new Set([...(all.supplementalGroups ?? []), ...(all.fsGroup === undefined ? [] : [all.fsGroup])])];
  const privileged = own.privileged === true;
  const arguments_ = manyUsers
    ? [`--reuid=${uid}`, `--regid=${gid}`, groups.length > 0 ? `--groups=${groups.join(',')}` : '--clear-groups']
    : [];
  if (alone) arguments_.push('--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all');
  else if (!privileged) arguments_.push(`--bounding-set=${boundingSet(own.capabilities)}`, '--inh-caps=-all');
  if (own.allowPrivilegeEscalation === false) arguments_.push('--no-new-privs');
  return {
    privileged,
    readOnlyRoot: own.readOnlyRootFilesystem === true,
    uid: manyUsers ? uid : 0,
    gid: manyUsers ? gid : 0,
    ...(alone && { userUnavailable: uid === 0 ? gid : uid }),
    arguments: arguments_,
  };
}

function boundingSet({ add = [], drop = [] }: { add?: readonly string[]; drop?: readonly string[] } = {}): string {
  const adding = add.map(plain);
  const dropping = new Set(drop.map(plain));
  const base = adding.includes('all') ? [...KNOWN] : dropping.has('all') ? [] : DEFAULT;
  const kept = base.filter((name) => !dropping.has(name));
  const wanted = new Set([...kept, ...adding.filter((name) => KNOWN.has(name))]);
  return ['-all', ...[...wanted].map((name) => `+${name}`)].join(',');
}

function plain(name: string): string {
  return name.toLowerCase().replace(/^cap_/, '');
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
