import { decodeInto } from '../src/capture/decode/fast.ts';
import { Packet } from '../src/capture/decode/packet.ts';
import { readCaptureFile } from '../src/capture/read-capture.ts';
import { SourceTable } from '../src/discover/sources.ts';
import { Streams } from '../src/discover/streams.ts';

/** Sums a capture file by source and group, and prints packets, rows and peak memory as JSON. */
export async function summarise(path: string, withStreams: boolean): Promise<void> {
  const table = new SourceTable();
  const streams = withStreams ? new Streams() : undefined;
  const packet = new Packet();
  const summary = await readCaptureFile(path, (record) => {
    decodeInto(packet, record.bytes, record.start, record.end, record.wireLength, record.linkType);
    const slot = table.count(packet, record.bytes, record.interface, record.seconds + record.nanoseconds / 1e9);
    streams?.observe(slot, table.fresh, packet, record.bytes);
  });
  const rows = table.rows();
  const packets = rows.reduce((sum, row) => sum + row.packets, 0);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ packets, rows: rows.length, megabytes, problem: summary.problem }));
}
