/** The seam for kmcast's own test datagrams, whose format belongs to the probe. */
import type { Datagram } from './datagram.ts';

/** Knows kmcast's datagrams by their magic, and reads what accounting needs. */
export interface OwnDatagrams {
  /** Whether the datagram carries the magic, with its header captured. */
  matches(datagram: Datagram): boolean;
  /** Run and sender, as one text: numbers of different ones are not compared. */
  sender(datagram: Datagram): string;
  /** Sequence number, 0 … 2^32-1. */
  sequence(datagram: Datagram): number;
}
