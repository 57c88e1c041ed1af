/** The flannel plugin (github.com/flannel-io/cni-plugin): a node's /run/flannel/subnet.env made into a bridge's configuration. */
import { isObject, type Json } from '../../model/nad.ts';
import type { Node } from '../place.ts';
import { readOn } from './node-files.ts';

export const SUBNET_FILE = '/run/flannel/subnet.env';

/** Throws in the plugin's words where the file is missing: flanneld writes it once it has the node's subnet. */
export async function flannelDelegate(node: Node, config: Json): Promise<Json> {
  const text = await readOn(node, SUBNET_FILE);
  if (text === undefined) {
    throw new Error(`loadFlannelSubnetEnv failed: open ${SUBNET_FILE}: no such file or directory`);
  }
  const env = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const [base, length] = (env.get('FLANNEL_SUBNET') ?? '').split('/');
  const subnet = `${base?.replace(/\d+$/, '0')}/${length}`;
  const { delegate, type: _, ...rest } = config;
  return {
    ...rest,
    type: 'bridge',
    bridge: 'cni0',
    isGateway: true,
    mtu: Number(env.get('FLANNEL_MTU')),
    ...(isObject(delegate) ? delegate : {}),
    ipam: { type: 'host-local', ranges: [[{ subnet }]], routes: [{ dst: env.get('FLANNEL_NETWORK') }] },
  };
}
