/** A path of a probe as a case. */
import type { Told } from '../probe/findings.ts';
import type { PathReport } from '../probe/probe-report.ts';
import type { Measured } from './case.ts';
import type { Scene } from './script.ts';

/** A case that could not be run. */
export function missingCase({ id, from, to }: Scene): Measured {
  const reason = 'missing' in from ? from.missing : 'missing' in to ? to.missing : 'not run';
  return unknownCase({ id, from, to }, reason);
}

export function unknownCase({ id, from, to }: Pick<Scene, 'id' | 'from' | 'to'>, reason: string): Measured {
  return {
    id,
    from: from.label,
    to: to.label,
    observed: 'unknown',
    sent: 0,
    received: 0,
    ttl: [],
    sentTtl: 0,
    reason,
  };
}

/** Silence where unicast is silent too says nothing of multicast: a policy, a firewall or a broken network is in the way. */
export function pathCase(scene: Scene, path: PathReport, sentTtl: number): Measured {
  if (path.outcome === 'unknown') return unknownCase(scene, path.reason ?? 'it could not be tested');
  const { sent, received, ttl, control } = path;
  const isCut = received === 0 && control !== null && control.sent > 0 && control.received === 0 && isWithin(scene);
  const base = { id: scene.id, from: scene.from.label, to: scene.to.label, sent, received, ttl: knownOf(ttl), sentTtl };
  if (isCut)
    return {
      ...base,
      observed: 'unknown',
      reason: `nothing came, and unicast to ${control.address} does not arrive either: a NetworkPolicy, a firewall, or a network that is broken`,
    };
  return { ...base, observed: received > 0 ? 'arrives' : 'nothing', evidence: evidenceOf(path, sentTtl) };
}

/** From outside, pods have no address that could be expected to answer. */
function isWithin({ test }: Scene): boolean {
  return test !== 'inward' && test !== 'outward';
}

/** Beside the counts. */
function evidenceOf({ received, lost, ttl, control, reason, interfaces }: PathReport, sentTtl: number): string {
  const hops = knownOf(ttl).map((one) => (one === sentTtl ? `TTL ${one} as sent` : `TTL ${one} of ${sentTtl}`));
  return [
    ...(received > 0 ? [[...knownOf(interfaces).map((name) => `on ${name}`), ...hops].join(', ')] : []),
    ...(received > 0 && lost > 0 ? [`${lost} were lost`] : []),
    ...(control === null ? [] : [`unicast to ${control.address}: ${control.received} of ${control.sent}`]),
    ...(reason === undefined ? [] : [reason]),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function knownOf<T>(told: Told<T>): readonly T[] {
  return told === 'unknown' ? [] : told;
}
