import type { Fault } from '../fault.ts';
import { STREAM } from '../scene.ts';

const RULES = `add table bridge cut; add chain bridge cut between { type filter hook forward priority 0; };
add rule bridge cut between ip frag-off & 0x1fff != 0 drop`;

const fault: Fault = {
  title: 'Datagrams are larger than the MTU, and the switch passes their first fragments alone',
  rules: ['mtu-exceeded'],
  heals: 'advice',
  before: [{ on: 'lan', argv: ['nft', RULES] }],
  undo: [{ on: 'lan', argv: ['nft', 'delete', 'table', 'bridge', 'cut'] }],
  cure: [{ on: 'lan', argv: ['nft', 'delete', 'table', 'bridge', 'cut'] }],
  scene: (scene) => ({ ...scene, stream: { ...STREAM, size: 4000 } }),
};
export default fault;
