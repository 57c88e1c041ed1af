/** What a node that routes multicast, or bridges it, keeps of groups. */
import type { Family } from './netns.ts';

/** Kernel multicast routing (`/proc/net/ip_mr_vif`, `ip_mr_cache`, and the IPv6 pair). */
export interface MulticastRouting {
  readonly vifs: readonly {
    readonly family: Family;
    readonly index: number;
    readonly interface: string;
    readonly packetsIn: number;
    readonly packetsOut: number;
  }[];
  readonly cache: readonly {
    readonly family: Family;
    readonly group: string;
    readonly origin: string;
    /** VIF number, or -1 while unresolved. */
    readonly input: number;
    readonly packets: number;
    readonly bytes: number;
    readonly wrong: number;
    readonly outputs: readonly { readonly vif: number; readonly ttl: number }[];
  }[];
}

/** A bridge's multicast database entry (RTM_GETMDB, `bridge mdb`). */
export interface MdbEntry {
  readonly bridge: string;
  readonly port: string;
  readonly group: string;
  readonly source?: string;
  readonly vlanId?: number;
  readonly permanent: boolean;
}
