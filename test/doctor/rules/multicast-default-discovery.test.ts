import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/multicast-default-discovery.ts';
import { findings, fixture } from '../manifests.ts';

const map = (key: string, text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  ${key}: |\n${text.replace(/^/gm, '    ')}\n`;
const pod = (env: string, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p${more}}\nspec:\n  containers:\n  - name: app\n    env: [${env}]\n`;
const variable = (name: string, value: string) => `{name: ${name}, value: "${value}"}`;

test('in ConfigMaps and environments, one finding for each library', () => {
  const found = findings(rule, fixture('myths'));
  expect(found.map((f) => [f.severity, f.evidence[0]?.at, f.evidence[0]?.source])).toEqual([
    ['warning', 'myths/discovery.json:10', 'ConfigMap shop/hazelcast key hazelcast.yaml'],
    ['warning', 'myths/discovery.json:22', 'StatefulSet shop/keycloak container keycloak: environment and arguments'],
  ]);
  expect(found.map((f) => f.advice).join()).toMatch(/service-dns.*DNS_PING/);
});

test.each([
  ['Hazelcast', map('hazelcast.xml', '<join><multicast enabled="true"/></join>')],
  ['Hazelcast', pod(variable('HZ_NETWORK_JOIN_MULTICAST_ENABLED', 'true'))],
  ['Hazelcast', 'hazelcast:\n  network:\n    join:\n      multicast:\n        # as ever\n        enabled: true\n'],
  ['JGroups', map('jgroups.xml', '<config xmlns="urn:org:jgroups">\n<UDP mcast_port="45588"/>\n</config>')],
  ['JGroups', pod(variable('JAVA_OPTS', '-Xmx1g -Djboss.default.multicast.address=230.0.0.4'))],
  ['Elasticsearch', map('elasticsearch.yml', 'discovery.zen.ping.multicast.enabled: true')],
  ['ActiveMQ', map('activemq.xml', '<networkConnector uri="multicast://default"/>')],
  [
    'Apache Ignite',
    map(
      'ignite.xml',
      '<bean class="org.apache.ignite.spi.discovery.tcp.ipfinder.multicast.TcpDiscoveryMulticastIpFinder"/>',
    ),
  ],
  ['Tomcat', map('server.xml', '<Membership className="org.apache.catalina.tribes.membership.McastService"/>')],
  ['ROS 2 (DDS)', pod(variable('ROS_DOMAIN_ID', '7'))],
])('%s is recognised', (library, text) => {
  const found = findings(rule, text);
  expect(found).toHaveLength(1);
  expect(found[0]?.title).toContain(library);
});

test.each([
  map(
    'hazelcast.yaml',
    'hazelcast:\n  network:\n    join:\n      multicast:\n        enabled: false\n      kubernetes:\n        enabled: true',
  ),
  map('jgroups.xml', '<config>\n<UDP ip_mcast="false"/>\n<dns.DNS_PING dns_query="peers"/>\n</config>'),
  pod(`${variable('ROS_DOMAIN_ID', '7')}, ${variable('ROS_DISCOVERY_SERVER', 'discovery:11811')}`),
  pod(variable('KC_CACHE_STACK', 'kubernetes')),
])('%j finds its peers by unicast', (text) => expect(findings(rule, text)).toEqual([]));

test('a pod with a network for it may mean it', () => {
  const annotated = ', annotations: {k8s.v1.cni.cncf.io/networks: mcast}';
  expect(findings(rule, pod(variable('ROS_DOMAIN_ID', '7'), annotated))[0]?.severity).toBe('info');
});
