/** What a lab's folder says of it: lab.json, written by `lab up`, read by everything else. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootId, processStat } from './processes.ts';
import type { LabShape } from './shape.ts';

/** A machine of a lab that is up. */
export interface PlaceState {
  readonly name: string;
  /** Its first process, in the lab's pid namespace. */
  readonly pid: number;
  readonly lan: string;
  readonly multicast: string;
  /** Nodes only. */
  readonly podCidr?: string;
}

/** What is known once it is up. */
export interface LabReady {
  readonly server: string;
  readonly kubeconfig: string;
  readonly places: readonly PlaceState[];
  /** A process in the network namespace of the bridges `lan` and `mcast`, in the lab's pid namespace. */
  readonly switches: number;
}

export interface LabState {
  readonly name: string;
  readonly shape: LabShape;
  /** The lab's outermost process: all others end with it. */
  readonly pid: number;
  readonly startTime: number;
  readonly boot: string;
  /** RFC 3339. */
  readonly since: string;
  readonly ready?: LabReady;
}

/** Undefined when there is none, or half of one. */
export function readLabState(folder: string): LabState | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8')) as LabState;
  } catch {
    return undefined;
  }
}

/** Replaces it in one step. */
export function writeLabState(folder: string, state: LabState): void {
  writeFileSync(join(folder, 'lab.json.new'), `${JSON.stringify(state, null, 2)}\n`);
  renameSync(join(folder, 'lab.json.new'), join(folder, 'lab.json'));
}

/** Whether its outermost process is still the one that was started. */
export function isRunning(state: Pick<LabState, 'pid' | 'startTime' | 'boot'>): boolean {
  const stat = processStat(state.pid);
  return stat?.running === true && stat.startTime === state.startTime && state.boot === bootId();
}
