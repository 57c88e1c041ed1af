import { closeSync, openSync, writeSync } from 'node:fs';
import { PcapWriter } from '../src/capture/pcap-writer.ts';

const SOURCES = 400;
const PAYLOAD = 64;
const FRAME = 14 + 20 + 8 + PAYLOAD;

/** Writes a capture of UDP datagrams of 400 sources, each sending to three groups. */
export function generate(path: string, packets: number): void {
  const writer = new PcapWriter({ linkType: 1 });
  const file = openSync(path, 'w');
  const block = Buffer.alloc(10_000 * (16 + FRAME));
  const frame = template();
  writeSync(file, writer.header());
  let at = 0;
  for (let i = 0; i < packets; i++) {
    const source = (i * 7919) % SOURCES;
    frame.writeUInt16BE(source, 28);
    frame[33] = 1 + (i % 3);
    at = writer.write(block, at, frame, {
      seconds: 1_700_000_000 + Math.floor(i / 200_000),
      nanoseconds: (i % 200_000) * 5000,
    });
    if (at === block.length || i === packets - 1) {
      writeSync(file, block, 0, at);
      at = 0;
    }
  }
  closeSync(file);
}

/** Ethernet, IPv4 from 10.0.x.x to 239.1.2.x, UDP 5000 → 5007. */
function template(): Buffer {
  const frame = Buffer.alloc(FRAME, 0xa5);
  frame.set([0x01, 0x00, 0x5e, 0x01, 0x02, 0x03, 0x02, 0x42, 0x0a, 0x00, 0x00, 0x05, 0x08, 0x00]);
  frame.set([0x45, 0, 0, FRAME - 14, 0, 0, 0, 0, 16, 17, 0, 0, 10, 0, 0, 0, 239, 1, 2, 3], 14);
  frame.set([0x13, 0x88, 0x13, 0x8f, 0, 8 + PAYLOAD, 0, 0], 34);
  return frame;
}
