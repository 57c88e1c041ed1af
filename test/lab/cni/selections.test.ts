import { expect, test } from 'vitest';
import { parseSelections } from '../../../src/lab/cni/selections.ts';

test('the short form names attachments, with a namespace and an interface where they are given', () => {
  expect(parseSelections('mcast, feeds/video@video0', 'shop')).toEqual([
    { name: 'mcast', namespace: 'shop' },
    { name: 'video', namespace: 'feeds', interface: 'video0' },
  ]);
  expect(parseSelections('', 'shop')).toEqual([]);
});

test('the JSON form has all that can be asked for', () => {
  const entry = {
    name: 'mcast',
    namespace: 'feeds',
    interface: 'video0',
    ips: ['192.168.50.7/24', 'fd50::7'],
    mac: '02:00:00:00:00:07',
    'default-route': ['192.168.50.1'],
    'cni-args': { a: 1 },
  };
  expect(parseSelections(JSON.stringify([entry, { name: 'plain' }]), 'shop')).toEqual([
    {
      name: 'mcast',
      namespace: 'feeds',
      interface: 'video0',
      ips: ['192.168.50.7/24', 'fd50::7'],
      mac: '02:00:00:00:00:07',
      defaultRoute: ['192.168.50.1'],
      cniArgs: { a: 1 },
    },
    { name: 'plain', namespace: 'shop' },
  ]);
});

const JSON_FORMAT =
  'parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: ';

test.each([
  ['a/b/c', "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '/')"],
  ['a@b@c', "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '@')"],
  ['Mcast', "must start and end with an alphanumeric character), mismatch @ 'Mcast'"],
  ['mcast@averylonginterfacename', "interface name 'averylonginterfacename'"],
  ['[{"name": "mcast",}]', `${JSON_FORMAT}invalid character '}' looking for beginning of object key string`],
  [
    '{"name": "mcast"}',
    `${JSON_FORMAT}json: cannot unmarshal object into Go value of type []*types.NetworkSelectionElement`,
  ],
  [
    '[{"name": "mcast", "ips": "192.168.50.7"}]',
    `${JSON_FORMAT}json: cannot unmarshal string into Go struct field NetworkSelectionElement.ips of type []string`,
  ],
  ['[{"name": "mcast", "mac": "2:7"}]', 'parsePodNetworkAnnotation: failed to mac: address 2:7: invalid MAC address'],
  ['[{"name": "mcast", "ips": ["192.168.50"]}]', 'failed to parse IP address "192.168.50"'],
  ['[{"name": "mcast", "ips": ["192.168.50.7/33"]}]', 'failed to parse CIDR "192.168.50.7/33": invalid CIDR address'],
])('%s is refused in Multus’ words', (annotation, words) => {
  let said = '';
  try {
    parseSelections(annotation, 'shop');
  } catch (error) {
    said = String(error);
  }
  expect(said.toLowerCase()).toContain(words.toLowerCase());
});
