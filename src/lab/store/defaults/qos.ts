import { each, isPart, type Part } from './fill.ts';

const COUNTED = ['cpu', 'memory'];

/** A pod's quality of service: all containers limited to what they request, none asks for anything, or between. */
export function qosClass(spec: Part): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...each(spec.initContainers), ...each(spec.containers)].map(({ resources }) => ({
    requests: isPart(resources?.requests) ? resources.requests : {},
    limits: isPart(resources?.limits) ? resources.limits : {},
  }));
  const asked = containers.some(({ requests, limits }) => COUNTED.some((what) => what in requests || what in limits));
  if (!asked) return 'BestEffort';
  const guaranteed = containers.every(({ requests, limits }) =>
    COUNTED.every((what) => what in limits && String(requests[what] ?? limits[what]) === String(limits[what])),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
