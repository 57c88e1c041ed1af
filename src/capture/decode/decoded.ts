/** The shape of a decoded packet. */
import type { Checksums } from './checksum.ts';
import type { Membership } from './membership.ts';
import type { Layer } from './packet.ts';

/** The link layer's part. */
export interface DecodedLink {
  readonly destinationMac?: string;
  readonly sourceMac?: string;
  /** EtherType behind the tags, where there is one. */
  readonly etherType?: number;
  /** 802.1Q and 802.1ad tags, outermost first; `protocol` is the tag's own EtherType. */
  readonly vlans: readonly {
    readonly protocol: number;
    readonly id: number;
    readonly priority: number;
    readonly dropEligible: boolean;
  }[];
  /** Cooked captures: packet(7)'s packet type (4 is outgoing), ARPHRD_*, interface index. */
  readonly packetType?: number;
  readonly hardware?: number;
  readonly interfaceIndex?: number;
}

/** The IP header's part. */
export interface DecodedIp {
  readonly version: 4 | 6;
  readonly source: string;
  readonly destination: string;
  /** Protocol behind the extension headers. */
  readonly protocol: number;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** IP packet's length in bytes by its header. */
  readonly length: number;
  /** Type of service or traffic class: DSCP and ECN. */
  readonly trafficClass: number;
  /** Of IPv4, or of an IPv6 fragment header. */
  readonly identification?: number;
  /** Offset in bytes. Absent in a packet that is no fragment. */
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  readonly dontFragment?: boolean;
  /** Router Alert option (RFC 2113, RFC 2711), which IGMPv2+ and MLD must carry. */
  readonly routerAlert: boolean;
  /** IPv6 extension headers' protocol numbers, in order. */
  readonly extensions: readonly number[];
}

/** The UDP header's part. */
export interface DecodedUdp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Length field: header and payload. */
  readonly length: number;
  /** View of the payload's captured part. */
  readonly payload: Uint8Array;
}

/** A header that was cut by the capture, or contradicts itself. What was read before it stands. */
export interface DecodeProblem {
  readonly kind: 'truncated' | 'malformed';
  readonly layer: Layer;
  /** Offset of that header in the packet. */
  readonly offset: number;
}

/** A decoded packet. Layers that it does not have, or that were cut off, are absent. */
export interface Decoded {
  readonly link: DecodedLink;
  readonly ip?: DecodedIp;
  readonly udp?: DecodedUdp;
  /** IGMP or MLD. */
  readonly membership?: Membership;
  readonly problem?: DecodeProblem;
  readonly checksums?: Checksums;
}
