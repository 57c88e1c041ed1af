/** Reads capture files in tests, and keeps what their records say. */
import type { CaptureRecord, CaptureSummary } from '../../src/capture/capture-record.ts';
import { CaptureReader } from '../../src/capture/reader.ts';

export interface KeptRecord {
  readonly data: string;
  readonly wireLength: number;
  readonly time: string;
  readonly linkType: number;
  readonly interface: number;
}

export function keep(record: CaptureRecord): KeptRecord {
  return {
    data: Buffer.from(record.bytes.subarray(record.start, record.end)).toString('hex'),
    wireLength: record.wireLength,
    time: `${record.seconds}.${String(record.nanoseconds).padStart(9, '0')}`,
    linkType: record.linkType,
    interface: record.interface,
  };
}

/** Pushes the file in pieces of this size; each piece is overwritten afterwards, as a reader's buffer would be. */
export function readAll(
  file: Uint8Array,
  pieceLength = file.length,
): { records: KeptRecord[]; summary: CaptureSummary } {
  const records: KeptRecord[] = [];
  const reader = new CaptureReader((record) => records.push(keep(record)));
  for (let at = 0; at < file.length && !reader.stopped; at += pieceLength) {
    const piece = Buffer.from(file.subarray(at, at + pieceLength));
    reader.push(piece);
    piece.fill(0xee);
  }
  return { records, summary: reader.end() };
}
