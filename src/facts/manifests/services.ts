/** Services, endpoints and load balancers' pools, reduced to what bears on multicast. */
import type { ServiceFacts } from './facts.ts';
import { leavesOf } from './leaves.ts';
import { describeObject, isGroupOrPrefix, type ManifestObject, mapsIn, textIn } from './object.ts';

const KINDS = ['Service', 'Endpoints', 'EndpointSlice', 'IPAddressPool'];
/** Words by which people say what an object is for. */
const WORDS = /multicast|mcast|igmp/i;
/** Annotations that ask a load balancer for addresses. */
const ADDRESS_ANNOTATION = /load-?balancer-?ips?$/i;

export function serviceOf(object: ManifestObject): ServiceFacts | undefined {
  if (!KINDS.includes(object.kind)) return undefined;
  const ports = mapsIn(object.spec.ports).filter((port) => port.protocol === 'UDP');
  const named = ports.flatMap((port) => textIn(port.name) ?? []);
  return {
    at: object.at(),
    object: describeObject(object),
    headless: object.spec.clusterIP === 'None',
    ports: ports.flatMap(({ port, name }) =>
      typeof port === 'number' ? [{ port, ...(textIn(name) === undefined ? {} : { name: textIn(name)! }) }] : [],
    ),
    groups: groupsIn(object),
    hints: [object.name, ...named, ...Object.keys(object.annotations)].filter((name) => WORDS.test(name)),
  };
}

function groupsIn(object: ManifestObject): ServiceFacts['groups'] {
  const trees = { spec: object.spec, subsets: object.json.subsets, endpoints: object.json.endpoints };
  const fields = leavesOf(trees).map(({ path, value }) => ({ address: String(value), field: path.join('.') }));
  const annotated = Object.entries(object.annotations)
    .filter(([key]) => ADDRESS_ANNOTATION.test(key))
    .flatMap(([key, text]) => text.split(',').map((address) => ({ address: address.trim(), field: key })));
  // A range of a pool is written FIRST-LAST.
  return [...fields, ...annotated].filter(({ address }) => isGroupOrPrefix(address.split('-')[0]!.trim()));
}
