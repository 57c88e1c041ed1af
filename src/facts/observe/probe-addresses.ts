/** Which addresses of a LAN are taken: asked only when a plan will have to give one to a pod. */

import { networkAddress } from '../../model/address.ts';
import { type Fact, isKnown, known, unknown, valueIn } from '../../model/fact.ts';
import { isUplink } from '../../model/links.ts';
import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import { candidates } from '../../plan/free-address.ts';
import type { NodeFacts, Observation } from '../snapshot.ts';
import type { Opened } from './access.ts';
import { jobOf } from './jobs.ts';
import type { NodeWishes } from './node.ts';
import { runJob } from './run.ts';

/** Probes on the LAN at most, and the wait for answers (ms). */
const PROBES = 24;
const WAIT = 250;

export async function probeAddresses(
  wishes: NodeWishes,
  opened: Opened,
  node: Fact<Observation>,
): Promise<NodeFacts['takenAddresses']> {
  const needy = wishes.pods.filter(
    ({ pod }) => pod.spec.hostNetwork !== true && pod.metadata.annotations?.[NETWORKS_ANNOTATION] === undefined,
  );
  const observation = valueIn(node);
  if (needy.length === 0 || observation === undefined) return unknown('no address had to be found');
  const nic = nicOfGroup(observation, wishes.look.groups);
  const own = (valueIn(observation.netns.addresses) ?? []).find((a) => a.interface === nic && a.family === 4);
  if (nic === undefined || own === undefined) return unknown('the group was seen on no NIC with an IPv4 network');
  const subnet = `${networkAddress(own.address, own.prefixLength)}/${own.prefixLength}`;
  const addresses = candidates(subnet, PROBES);
  const heard = await runJob(
    opened,
    { kind: 'node-pod', description: '' },
    jobOf([{ id: 'node', enter: { kind: 'node' }, probe: { interface: nic, addresses, duration: WAIT } }]),
    wishes.signal,
  );
  const answer = heard.messages.find((m) => m.type === 'answered');
  if (answer?.type !== 'answered') return unknown(heard.problem ?? 'the neighbour probe failed');
  return known(answer.addresses.map((address) => ({ interface: answer.interface, address })));
}

function nicOfGroup(observation: Observation, groups: readonly string[]): string | undefined {
  const links = valueIn(observation.netns.links) ?? [];
  const addresses = valueIn(observation.netns.addresses) ?? [];
  const looks = [observation.look, observation.joinLook].filter(isKnown).flatMap((look) => look.value.flows);
  return looks.find((flow) => {
    const link = links.find((l) => l.name === flow.interface);
    return (
      flow.direction === 'in' &&
      groups.includes(flow.destination) &&
      link !== undefined &&
      isUplink(link, links, addresses)
    );
  })?.interface;
}
