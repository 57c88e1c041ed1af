/** The `default-route` key of the networks annotation: the default route moves from eth0 to the interface that has it. */
import { isIPv6 } from 'node:net';
import type { Node } from '../place.ts';
import type { Selection } from './selections.ts';

/** Throws in Multus' words. */
export function checkGateways(selections: readonly Selection[]): void {
  const gateways = selections.flatMap((selection) => selection.defaultRoute ?? []);
  const six = gateways.filter(isIPv6).length;
  if (six > 1 || gateways.length - six > 1) throw new Error('multus does not support ECMP for default-route');
}

/** Takes the interface's own default routes away and sets those asked for. */
export async function moveDefaultRoute(
  node: Node,
  netns: string,
  ifname: string,
  gateways: readonly string[],
): Promise<void> {
  const ip = (...words: string[]) => node.run(['nsenter', `--net=${netns}`, 'ip', ...words]);
  // Without such a route there is nothing to delete.
  await Promise.all([
    ip('-4', 'route', 'flush', 'default', 'dev', ifname).catch(() => ''),
    ip('-6', 'route', 'flush', 'default', 'dev', ifname).catch(() => ''),
  ]);
  for (const gateway of gateways) await ip('route', 'replace', 'default', 'via', gateway, 'dev', ifname);
}
