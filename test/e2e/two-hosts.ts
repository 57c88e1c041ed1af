/** A namespace with two interfaces that listens, and one that sends to it from an address beyond its subnet and from one within. */
import { readdirSync, readlinkSync } from 'node:fs';
import { checkBuild } from './kit.ts';
import { Scene, sh } from './wire.ts';

export const TX = `kmwt${process.pid}`;
export const RX = `kmwr${process.pid}`;
export const rx = { netns: RX };
export const far = { source: '10.9.9.9', group: '239.1.2.3', device: 'v1', netns: TX };
export const near = { ...far, source: '10.72.0.2', ttl: 1 };

/** Processes in the receiving namespace. */
export function inside(): string[] {
  const own = sh(`stat -Lc %i /run/netns/${RX}`).trim();
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === `net:[${own}]`;
    } catch {
      return false;
    }
  });
}

export function memberships(): string {
  return sh(`ip -n ${RX} maddr show dev v0; ip netns exec ${RX} cat /proc/net/mcfilter`);
}

/** Makes the namespaces. */
export function lay(): Scene {
  checkBuild();
  sh(`ip netns add ${RX}; ip netns add ${TX}
ip -n ${RX} link add v0 type veth peer name v1 netns ${TX}; ip -n ${RX} link add w0 type veth peer name w1 netns ${TX}
ip -n ${RX} addr add 10.72.0.1/24 dev v0; ip -n ${TX} addr add 10.72.0.2/24 dev v1; ip -n ${TX} addr add 10.9.9.9/32 dev v1
ip -n ${RX} addr add 10.73.0.1/24 dev w0
ip -n ${RX} addr add fd72::1/64 dev v0 nodad; ip -n ${TX} addr add fd72::2/64 dev v1 nodad; ip -n ${TX} addr add fd99::9/128 dev v1 nodad
for n in ${RX} ${TX}; do for d in lo v0 v1 w0 w1; do ip -n $n link set $d up 2>/dev/null || true; done; done
for i in $(seq 50); do ip -n ${TX} -6 addr show dev v1 | grep -q tentative || break; sleep .1; done`);
  return new Scene();
}

export function takeUp(scene: Scene | undefined): void {
  scene?.close();
  sh(`ip netns del ${RX}; ip netns del ${TX}`);
}
