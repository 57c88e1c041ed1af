/** node_pcap's sessions, one for each interface, given as records. */
import { CaptureRecord, UNKNOWN } from './capture-record.ts';
import { ETHERNET, LINUX_SLL, NULL, RAW } from './decode/link-types.ts';
import type { Began, CannotCapture } from './live.ts';
import type { ChildJob } from './native-protocol.ts';

export interface Sessions {
  readonly opened: readonly { readonly name: string; readonly linkType: number }[];
  readonly failures: Began['failures'];
  /** Why nothing was opened, where that is so. */
  readonly kind: CannotCapture['kind'];
  /** Packets that the kernel dropped so far. */
  lost(): number;
}

/** The part of node_pcap that is used. Its declarations lack `on_packet_ready`, which saves an event for each packet. */
interface PcapModule {
  warningHandler: (text: string) => void;
  readonly PcapSession: new (...args: readonly unknown[]) => PcapSession;
}
interface PcapSession {
  /** One for all packets: filled again for the next one. */
  readonly buf: Buffer;
  /** Seconds, microseconds, captured length, length on the wire: 32 bits each, in the machine's byte order. */
  readonly header: Buffer;
  readonly link_type: string;
  on_packet_ready(): void;
  stats(): { readonly ps_drop: number };
}

/** Milliseconds until a block that is not full is handed over: 0 would lose packets at high rates. */
const BUFFER_TIMEOUT = 60;
const LINK_TYPES: Readonly<Record<string, number>> = {
  LINKTYPE_ETHERNET: ETHERNET,
  LINKTYPE_NULL: NULL,
  LINKTYPE_RAW: RAW,
  LINKTYPE_LINUX_SLL: LINUX_SLL,
};

/** Opens what can be opened. Never rejects. */
export async function openSessions(job: ChildJob, take: (packet: CaptureRecord) => void): Promise<Sessions> {
  const nothing = { opened: [], lost: () => 0 };
  let pcap: PcapModule;
  try {
    const name = 'pcap';
    pcap = ((await import(name)) as { default: PcapModule }).default;
  } catch (error) {
    return { ...nothing, failures: [{ interface: 'pcap', error: words(error) }], kind: 'no-module' };
  }
  // It warns of every interface without an IPv4 address.
  pcap.warningHandler = () => {};
  const opened: { name: string; linkType: number; session: PcapSession }[] = [];
  const failures: { interface: string; error: string }[] = [];
  job.interfaces.forEach(({ name }, index) => {
    try {
      const session = openSession(pcap, job, index, take);
      opened.push({ name, linkType: linkTypeOf(session), session });
    } catch (error) {
      failures.push({ interface: name, error: words(error) });
    }
  });
  const denied = failures.some(({ error }) => /not permitted|permission/i.test(error));
  return {
    opened,
    failures,
    kind: denied ? 'no-right' : 'other',
    lost: () => opened.reduce((sum, { session }) => sum + (session.stats().ps_drop >>> 0), 0),
  };
}

function openSession(
  pcap: PcapModule,
  job: ChildJob,
  index: number,
  take: (packet: CaptureRecord) => void,
): PcapSession {
  const record = new CaptureRecord();
  record.interface = index;
  record.direction = UNKNOWN;
  let header: Uint32Array = new Uint32Array(4);
  class Session extends pcap.PcapSession {
    override on_packet_ready(): void {
      record.seconds = header[0]!;
      record.nanoseconds = header[1]! * 1000;
      record.end = Math.min(header[2]!, record.bytes.length);
      record.wireLength = header[3]!;
      take(record);
    }
  }
  const { filter, buffer, snapLength } = job;
  const name = job.interfaces[index]!.name;
  // Live, device, filter, buffer, snap length, no dump, no monitor mode, timeout, not promiscuous.
  const session = new Session(true, name, filter, buffer, snapLength, '', false, BUFFER_TIMEOUT, false);
  record.linkType = linkTypeOf(session);
  record.bytes = session.buf;
  header = new Uint32Array(session.header.buffer, session.header.byteOffset, 4);
  return session;
}

/** 0xffff, which no decoder knows, for one that the library has no name for. */
function linkTypeOf(session: PcapSession): number {
  return LINK_TYPES[session.link_type] ?? 0xffff;
}

function words(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
