import type { MdbEntry } from '../../model/multicast-routing.ts';
import { addressText } from '../address-bytes.ts';
import { compact } from '../compact.ts';
import { type InterfaceNames, nameOf } from '../interface-names.ts';
import { attributeList, attributes, type NetlinkMessage, s32, u8, u16, u32 } from './reader.ts';

/** rtnetlink.h, include/uapi/linux/if_bridge.h; struct br_port_msg has 8 bytes, struct br_mdb_entry 28. */
const RTM_NEWMDB = 84;
const RTM_GETMDB = 86;
const BR_PORT_MSG = 8;
const BR_MDB_ENTRY = 28;
const MDBA_MDB = 1;
const MDBA_MDB_ENTRY = 1;
const MDBA_MDB_ENTRY_INFO = 1;
const MDBA_MDB_EATTR_SOURCE = 4;
const MDB_PERMANENT = 1;

/** EtherTypes (include/uapi/linux/if_ether.h) in network order. */
const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 2048: 4, 34525: 16 };

/**
 * The entries of a dump of RTM_GETMDB; those of link-layer addresses, which say nothing of a group, are left out. The
 * kernel's answers carry the type RTM_GETMDB (br_mdb_dump in net/bridge/br_mdb.c), its notifications RTM_NEWMDB.
 */
export function mdbFromNetlink(messages: readonly NetlinkMessage[], names: InterfaceNames): MdbEntry[] {
  return messages.flatMap(({ type, body }) => {
    const bridge = s32(body, 4);
    if ((type !== RTM_NEWMDB && type !== RTM_GETMDB) || bridge === undefined) return [];
    return nested(body, BR_PORT_MSG, MDBA_MDB)
      .flatMap((mdb) => nested(mdb, 0, MDBA_MDB_ENTRY))
      .flatMap((entry) => nested(entry, 0, MDBA_MDB_ENTRY_INFO))
      .flatMap((info) => mdbEntry(info, nameOf(names, bridge), names) ?? []);
  });
}

function mdbEntry(info: Uint8Array, bridge: string, names: InterfaceNames): MdbEntry | undefined {
  const port = u32(info, 0);
  const length = ADDRESS_LENGTHS[((u8(info, 24) ?? 0) << 8) | (u8(info, 25) ?? 0)];
  const group = length === undefined ? undefined : addressText(info.subarray(8, 8 + length));
  if (port === undefined || group === undefined) return undefined;
  return compact({
    bridge,
    port: nameOf(names, port),
    group,
    source: addressText(attributes(info, BR_MDB_ENTRY).get(MDBA_MDB_EATTR_SOURCE)),
    vlanId: u16(info, 6) || undefined,
    permanent: u8(info, 4) === MDB_PERMANENT,
  });
}

function nested(bytes: Uint8Array, offset: number, type: number): Uint8Array[] {
  return attributeList(bytes, offset).flatMap((attribute) => (attribute.type === type ? [attribute.value] : []));
}
