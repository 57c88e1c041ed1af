/** Which configuration a node's container runtime uses (containerd/go-cni with max_conf_num 1). */
import type { Json } from '../../model/nad.ts';
import type { Node } from '../place.ts';
import { type NetworkConfig, parseConfig } from './cni-config.ts';
import { listOn, readOn } from './node-files.ts';

export const CONFIG_FOLDER = '/etc/cni/net.d';

export interface RuntimeConfig {
  readonly config: NetworkConfig;
  /** The configuration itself, where it is the meta-plugin's. */
  readonly meta?: Json;
}

/** The first in the order of names that can be read; read anew each time, as a runtime watches the folder. */
export async function runtimeConfig(node: Node): Promise<RuntimeConfig | undefined> {
  const files = (await listOn(node, CONFIG_FOLDER)).filter((file) => /\.(conf|conflist|json)$/.test(file));
  for (const file of files) {
    try {
      const config = parseConfig((await readOn(node, `${CONFIG_FOLDER}/${file}`)) ?? '');
      const meta = config.plugins[0];
      return meta?.type === 'multus' ? { config, meta } : { config };
    } catch {
      // The runtime logs it and looks at the next one.
    }
  }
  return undefined;
}
