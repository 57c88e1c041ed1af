/** Fleets, made up. */
import type { FleetJob } from '../../src/fleet/fleet-job.ts';
import type { FleetResult, HeardOf } from '../../src/fleet/result.ts';
import type { End } from '../../src/probe/ends.ts';

export function jobOf(ends: number, more: Partial<FleetJob> = {}): FleetJob {
  const all = Array.from({ length: ends }, (_, index) => index);
  return {
    run: '0011223344556677',
    group: '239.255.1.2',
    port: 20_001,
    silent: '239.127.1.2',
    ends: all.map((index) => `n${index}`),
    senders: all,
    receivers: all,
    count: 20,
    rate: 200,
    size: 100,
    ttl: 4,
    buffer: 1 << 20,
    patience: 60_000,
    atOnce: 10,
    wave: 100,
    delay: 300,
    window: 3000,
    ...more,
  };
}

export function node(index: number): End {
  return { name: `node/n${index}`, node: `n${index}`, addresses: [] };
}

export function heardOf(unique: number, more: Partial<HeardOf> = {}): HeardOf {
  return { unique, exact: true, first: 0, after: unique, duplicates: 0, reordered: 0, ...more };
}

/** The result of an agent that sent all and heard so many of each sender. */
export function resultOf(
  end: number,
  heard: readonly (number | HeardOf)[],
  more: Partial<FleetResult> = {},
): FleetResult {
  return {
    end,
    ended: 2000,
    sent: { source: '10.0.0.1', interface: 'eth0', tried: 20, sent: 20, last: 1000, errors: [] },
    received: {
      interface: 'eth0',
      buffer: 1 << 20,
      dropped: 0,
      leaked: 0,
      foreign: 0,
      heard: heard.map((one) => (typeof one === 'number' ? heardOf(one) : one)),
    },
    ...more,
  };
}
