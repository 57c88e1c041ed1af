/**
 * Libraries that are told to find their peers by multicast. Configuration, environment and arguments are searched for known words, and
 * only the word's meaning is kept: no value gets into the facts.
 */
import { isObject, type Json, NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { ManifestDocument } from './documents.ts';
import type { DiscoveryFacts } from './facts.ts';
import { describeObject, type ManifestObject, mapAt, mapsIn, textIn, textsIn } from './object.ts';
import { templateOf } from './workloads.ts';

interface Sign {
  readonly library: string;
  readonly sign: string;
  readonly pattern: RegExp;
  /** What in the same place says that multicast is not used after all. */
  readonly unless?: RegExp;
}

/** `NAME=VALUE` lines stand for environment variables. */
const SIGNS: readonly Sign[] = [
  {
    library: 'Hazelcast',
    sign: 'its multicast join is enabled',
    pattern:
      /<multicast\s+enabled\s*=\s*"true"|^HZ_NETWORK_JOIN_MULTICAST_ENABLED=true|\bjoin:[\s\S]{0,400}?\bmulticast:\s*\n(?:\s*#.*\n)*\s+enabled:\s*true/im,
  },
  {
    library: 'JGroups',
    sign: 'it discovers by UDP multicast (UDP, MPING)',
    pattern:
      /<(?:UDP|MPING)[\s>][\s\S]*<\/config>|^(?:KC_CACHE_STACK|JGROUPS_STACK)=udp\b|--cache-stack[= ]udp\b|default-jgroups-udp\.xml|\bstack\s*=\s*"udp"/im,
    unless: /KUBE_PING|DNS_PING|ip_mcast\s*=\s*"false"/i,
  },
  {
    library: 'JGroups',
    sign: 'a multicast address is set for it',
    pattern: /(?:\b|-D)(?:jgroups\.(?:udp\.)?mcast_(?:addr|port)|jboss\.default\.multicast\.address)/i,
  },
  {
    library: 'Elasticsearch',
    sign: 'its multicast discovery is enabled',
    pattern: /discovery\.zen\.ping\.multicast\.enabled\s*[:=]\s*true/i,
  },
  { library: 'ActiveMQ', sign: 'a multicast:// connector discovers brokers', pattern: /\bmulticast:\/\/[\w.:-]+/i },
  {
    library: 'ActiveMQ Artemis',
    sign: 'a broadcast or discovery group has a group address',
    pattern: /<(?:broadcast|discovery)-group[\s\S]{0,600}?<group-address>/i,
  },
  {
    library: 'Apache Ignite',
    sign: 'TcpDiscoveryMulticastIpFinder finds its nodes',
    pattern: /TcpDiscoveryMulticastIpFinder/,
  },
  { library: 'Tomcat', sign: 'McastService finds its members', pattern: /tribes\.membership\.McastService/ },
  {
    library: 'Ehcache',
    sign: 'its peers are discovered by multicast',
    pattern: /peerDiscovery\s*=\s*automatic[\s\S]{0,200}?multicastGroupAddress/i,
  },
  {
    library: 'ROS 2 (DDS)',
    sign: 'no discovery server and no peers are named, so that it discovers by multicast',
    pattern: /^(?:ROS_DOMAIN_ID|RMW_IMPLEMENTATION)=/m,
    unless:
      /^(?:ROS_DISCOVERY_SERVER|CYCLONEDDS_URI|FASTRTPS_DEFAULT_PROFILES_FILE|FASTDDS_DEFAULT_PROFILES_FILE|ROS_STATIC_PEERS)=|rmw_zenoh/m,
  },
];

/** Signs in an object: in a ConfigMap's data, or in a pod template's environment and arguments. */
export function discoveryOf(object: ManifestObject): DiscoveryFacts[] {
  if (object.kind === 'ConfigMap')
    return Object.entries(textsIn(object.json.data)).flatMap(([key, text]) =>
      signsIn(text).map((sign) => ({
        at: object.at('data', key),
        object: describeObject(object),
        source: `key ${key}`,
        ...sign,
        attached: false,
      })),
    );
  const found = templateOf(object);
  if (found === undefined) return [];
  const { template, path } = found;
  const spec = mapAt(template, 'spec');
  const networks = textIn(mapAt(template, 'metadata', 'annotations')[NETWORKS_ANNOTATION]);
  return mapsIn(spec.containers).flatMap((container, i) =>
    signsIn(wordsOf(container)).map((sign) => ({
      at: object.at(...path, 'spec', 'containers', i),
      object: describeObject(object),
      source: `container ${textIn(container.name) ?? i}: environment and arguments`,
      ...sign,
      attached: networks !== undefined || spec.hostNetwork === true,
    })),
  );
}

/** Signs in a file that is no object: an application's own configuration, or Helm values with one inside. */
export function discoveryIn(document: ManifestDocument, text: string): DiscoveryFacts[] {
  return signsIn(text).map((sign) => ({
    at: document.at(),
    object: 'configuration',
    source: 'file',
    ...sign,
    attached: false,
  }));
}

function signsIn(text: string): { library: string; sign: string }[] {
  return SIGNS.filter(({ pattern, unless }) => pattern.test(text) && unless?.test(text) !== true).map(
    ({ library, sign }) => ({ library, sign }),
  );
}

function wordsOf(container: Json): string {
  const environment = Array.isArray(container.env) ? container.env.filter(isObject) : [];
  const words = [container.command, container.args].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  return [
    ...environment.map(({ name, value }) => `${String(name)}=${typeof value === 'string' ? value : ''}`),
    words.join(' '),
  ].join('\n');
}
