import { expect, test } from 'vitest';
import { annotationFault } from '../../src/model/networks-annotation.ts';

const KNOWN = ['video/mcast', 'default/office'];
const fault = (text: string) => annotationFault(text, 'video', 'eth0', KNOWN);

test.each([
  ['a trailing comma', '[{"name": "mcast"},]', '[{"name":"mcast"}]'],
  ['a bracket that is missing', '[{"name": "mcast", "interface": "feed0"', '[{"name":"mcast","interface":"feed0"}]'],
  ['single quotes', "[{'name': 'mcast'}]", '[{"name":"mcast"}]'],
  ['an object in place of a list', '{"name": "mcast"}', '[{"name":"mcast"}]'],
  ['a namespace in the name', '[{"name": "default/office"}]', '[{"name":"office","namespace":"default"}]'],
  ['no name, where one alone can be meant', '[{"interface": "feed0"}]', '[{"interface":"feed0","name":"mcast"}]'],
  ['an interface that is there', '[{"name": "mcast", "interface": "eth0"}]', '[{"name":"mcast"}]'],
  ['a MAC that is too short', '[{"name": "mcast", "mac": "02:00:00:00:01"}]', '[{"name":"mcast"}]'],
  ['a MAC of a group', '[{"name": "mcast", "mac": "01:00:5e:00:00:01"}]', '[{"name":"mcast"}]'],
  [
    'one interface name twice',
    '[{"name": "mcast", "interface": "net1"}, {"name": "mcast", "interface": "net1"}]',
    '[{"name":"mcast","interface":"net1"},{"name":"mcast"}]',
  ],
  ['an interface name that is too long', 'mcast@multicast-camera-1', 'mcast'],
  ['capitals', 'MCAST@feed0', 'mcast@feed0'],
  ['a semicolon', 'mcast;default/office', 'mcast,default/office'],
  ['a comma at the end', 'mcast,', 'mcast'],
])('%s is mended', (_, written, mended) => {
  expect(fault(written)).toEqual({ what: expect.any(String), mended });
});

test('what was meant is not guessed', () => {
  expect(fault('[{"name": "mcast"] and more')).toEqual({ what: expect.stringContaining('invalid JSON') });
  expect(fault('Camera_1')?.mended).toBeUndefined();
  expect(annotationFault('[{}]', 'video', 'eth0', [])).toEqual({ what: 'an entry has no "name"' });
});

test.each(['', ' mcast ', 'default/office@net7, mcast', '[{"name": "nobody", "ips": ["10.0.0.1/24"]}]', '[]'])(
  '%j can be read',
  (text) => {
    expect(fault(text)).toBeUndefined();
  },
);
