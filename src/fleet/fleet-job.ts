/** What every agent of a fleet is told: one file for all, in which each finds its own part by its name. */
import type { Group } from '../model/group.ts';
import { silentGroup } from '../probe/free-group.ts';
import { BUFFER, type ProbePlan } from '../probe/plan.ts';
import type { Schedule } from './schedule.ts';

/** The file `job.json`. Times are milliseconds. */
export interface FleetJob extends Schedule {
  readonly run: string;
  readonly group: string;
  readonly port: number;
  readonly source?: string;
  /** A group with the same MAC that must stay silent. */
  readonly silent: string;
  /** Names of the ends, as each agent's environment has its own (KMCAST_END). */
  readonly ends: readonly string[];
  /** Indexes of `ends`. A sender's datagrams carry its position in this list, from 1. */
  readonly senders: readonly number[];
  readonly receivers: readonly number[];
  readonly count: number;
  readonly rate: number;
  readonly size: number;
  readonly ttl: number;
  readonly fromInterface?: string;
  readonly toInterface?: string;
  /** Bytes of receive buffer to ask for. */
  readonly buffer: number;
  /** So long after its start an agent takes the deletion of its pod for a sign to begin; later it just ends. */
  readonly patience: number;
}

export interface FleetEnds {
  readonly names: readonly string[];
  readonly senders: readonly number[];
  readonly receivers: readonly number[];
}

type Test = Pick<ProbePlan, 'run' | 'count' | 'rate' | 'size' | 'ttl' | 'fromInterface' | 'toInterface'>;

export function fleetJob(test: Test, group: Group, ends: FleetEnds, schedule: Schedule, patience: number): FleetJob {
  const { run, count, rate, size, ttl, fromInterface, toInterface } = test;
  return {
    run,
    group: group.address,
    port: group.port ?? 0,
    ...(group.source === undefined ? {} : { source: group.source }),
    silent: silentGroup(group),
    ends: ends.names,
    senders: ends.senders,
    receivers: ends.receivers,
    count,
    rate,
    size,
    ttl,
    ...(fromInterface === undefined ? {} : { fromInterface }),
    ...(toInterface === undefined ? {} : { toInterface }),
    buffer: BUFFER,
    patience,
    ...schedule,
  };
}
