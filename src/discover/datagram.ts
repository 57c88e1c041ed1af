/** A UDP datagram as stream recognisers see it; the same object is filled again for the next one. */
export class Datagram {
  /** The captured payload is `bytes[start, end)`. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Payload length by the UDP header: more than `end - start` when the capture cut it. */
  length = 0;
  sourcePort = 0;
  destinationPort = 0;
}

/** Whether the payload begins with these ASCII characters, `skip` bytes in. */
export function startsWith(datagram: Datagram, text: string, skip = 0): boolean {
  const at = datagram.start + skip;
  if (at + text.length > datagram.end) return false;
  for (let i = 0; i < text.length; i++) if (datagram.bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether either port is this one. */
export function hasPort(datagram: Datagram, port: number): boolean {
  return datagram.sourcePort === port || datagram.destinationPort === port;
}
