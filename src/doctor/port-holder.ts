/** Who holds the stream's port while the target's containers cannot start. */
import type { UdpSocket } from '../model/netns.ts';
import type { Case } from './case.ts';
import { candidateSockets } from './sockets.ts';

/**
 * A socket on the stream's port in a node's namespace, while every container of the target's pod is down after restarts:
 * the socket is somebody else's.
 */
export function foreignHolder(c: Case): UdpSocket | undefined {
  if (c.pod === undefined || !c.onHost || c.pod.containers.length === 0) return undefined;
  const crashing = c.pod.containers.every((x) => x.state !== 'running' && x.restarts > 0);
  return crashing ? candidateSockets(c).find((s) => c.ports.includes(s.localPort)) : undefined;
}
