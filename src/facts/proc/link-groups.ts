import type { LinkGroup } from '../../model/netns.ts';
import { hexBytes, macText } from '../address-bytes.ts';
import { decimal, rows } from './hex.ts';

/** Reads /proc/net/dev_mcast: `2    eth0            3     0     333300000001`: users, users by hand, address (net/core/net-procfs.c). */
export function parseLinkGroups(text: string): LinkGroup[] {
  return rows(text).flatMap(([, name, all, byHand, hex = '']) => {
    const users = decimal(all);
    const globalUsers = decimal(byHand);
    const mac = macText(hexBytes(hex));
    if (name === undefined || users === undefined || globalUsers === undefined || mac === undefined) return [];
    return [{ interface: name, mac, users, globalUsers }];
  });
}
