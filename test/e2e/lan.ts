/** The LAN of the test cluster with hosts beside it: the outside host, sending from addresses on no subnet, and one that only listens. */
import { kubectl, Space } from './kit.ts';
import { Scene, sh } from './wire.ts';

export const OUTSIDE = 'kmc-outside';
export const LISTENER = `kmdl${process.pid}`;
/** A group of these files' own, so that others on the cluster do not meet it. */
export const GROUP = '239.66.2.3';
export const FAR = '10.66.9.9';
export const FAR2 = '10.66.9.10';
export const FAR6 = 'fd66::9';
export const NEAR = '172.31.0.50';
export const far = { source: FAR, group: GROUP, device: 'eth1', netns: OUTSIDE };
const OWN = [`${FAR}/32`, `${FAR2}/32`, `${FAR6}/128`];

export class Lan {
  readonly scene = new Scene();
  readonly space: Space;

  constructor(name: string) {
    this.space = new Space(name);
    for (const prefix of OWN)
      sh(`ip -n ${OUTSIDE} addr replace ${prefix} dev eth1 ${prefix.includes(':') ? 'nodad' : ''}`);
    sh(`ip netns add ${LISTENER}
ip link add ${LISTENER} type veth peer name eth1 netns ${LISTENER}
ip link set ${LISTENER} master kmc-mc up; ip -n ${LISTENER} link set eth1 up`);
  }

  /** kmcast's pods and jobs in the namespace where it makes them here. */
  leftBehind(): string[] {
    const names = kubectl(['-n', this.space.name, 'get', 'pods,jobs', '-o', 'name']).split('\n');
    return names.filter((name) => name.includes('/kmcast-'));
  }

  /** Restores everything; returns what kmcast left behind. */
  close(): string[] {
    for (const prefix of OWN) sh(`ip -n ${OUTSIDE} addr del ${prefix} dev eth1 || true`);
    sh(`ip netns del ${LISTENER}`);
    this.scene.close();
    const left = this.leftBehind();
    this.space.close();
    return left;
  }
}
