/** The multicast LAN with hosts beside it: the outside host, sending from addresses on no subnet, and one that only listens. */
import { kubectl, Space } from './kit.ts';
import { type Listener, run, site } from './site.ts';
import { Scene } from './wire.ts';

/** A group of these files' own, so that others on the cluster do not meet it. */
export const GROUP = '239.66.2.3';
export const FAR = '10.66.9.9';
export const FAR2 = '10.66.9.10';
export const FAR6 = 'fd66::9';
export const NEAR = site.near;
export const far = { source: FAR, group: GROUP, device: 'eth1', inside: site.outside };
const OWN = [`${FAR}/32`, `${FAR2}/32`, `${FAR6}/128`];

export class Lan {
  readonly scene = new Scene();
  readonly space: Space;
  /** A host that only listens. */
  readonly listener: Listener;

  constructor(name: string) {
    this.space = new Space(name);
    for (const prefix of OWN)
      outside('addr', 'replace', prefix, 'dev', 'eth1', ...(prefix.includes(':') ? ['nodad'] : []));
    this.listener = site.listener();
  }

  /** kmcast's pods and jobs in the namespace where it makes them here. */
  leftBehind(): string[] {
    const names = kubectl(['-n', this.space.name, 'get', 'pods,jobs', '-o', 'name']).split('\n');
    return names.filter((name) => name.includes('/kmcast-'));
  }

  /** Restores everything; returns what kmcast left behind. */
  close(): string[] {
    for (const prefix of OWN) outside('addr', 'del', prefix, 'dev', 'eth1');
    this.listener.close();
    this.scene.close();
    const left = this.leftBehind();
    this.space.close();
    return left;
  }
}

function outside(...words: readonly string[]): void {
  run(site.outside(['ip', ...words]));
}
