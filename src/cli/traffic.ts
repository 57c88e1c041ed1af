/** What `send` and `receive` have in common: groups with ports, and a job on this machine that an interrupt ends in order. */
import { InvalidArgumentError } from 'commander';
import { AgentControl } from '../agent/control.ts';
import type { AgentMessage, Place } from '../agent/protocol.ts';
import { type Group, isMulticast, parseGroup } from '../model/group.ts';
import { FOREVER, runLocal } from '../probe/local-agent.ts';
import { EXIT, UserError } from './exit.ts';

/** Groups as written, each with a port. */
export function groupsWithPorts(words: readonly string[]): Group[] {
  return words.map((word) => {
    const group = parseGroup(word);
    if (typeof group === 'string') throw new UserError(group, { status: EXIT.usage });
    if (!isMulticast(group.address))
      throw new UserError(`${group.address} is no multicast group`, {
        hint: 'groups are 224.0.0.0 to 239.255.255.255, and ff00::/8',
        status: EXIT.usage,
      });
    if (group.port === undefined)
      throw new UserError(`"${word}" has no port`, {
        hint: `write ${group.family === 6 ? `[${word}]` : word}:5007`,
        status: EXIT.usage,
      });
    return group;
  });
}

/** Whether an interrupt ended the job. */
export interface Ended {
  readonly interrupted: boolean;
}

/**
 * Runs a job on this machine until it ends by itself, its time (ms) is over, or the first interrupt: then it is asked to end, and says
 * what it found. A second interrupt ends at once.
 */
export async function runHere(
  part: Pick<Place, 'receive' | 'send'>,
  duration: number | undefined,
  onMessage: (message: AgentMessage) => void,
): Promise<Ended> {
  const control = new AgentControl();
  let interrupts = 0;
  const stop = (): void => {
    if (interrupts++ > 0) process.exit(EXIT.interrupted);
    control.halt();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const end = await runLocal(part, duration ?? FOREVER, onMessage, control);
    if (!end.complete && interrupts === 0)
      throw new UserError(`it ended too soon: ${end.problem ?? 'no reason given'}`);
    return { interrupted: interrupts > 0 };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An option's whole number from `least` to `most`. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || text === '' || value < least || value > most)
      throw new InvalidArgumentError(`write a whole number from ${least} to ${most}`);
    return value;
  };
}

/** An option's number above 0, up to `most`. */
export function positive(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && value <= most)) throw new InvalidArgumentError(`write a number above 0, at most ${most}`);
    return value;
  };
}
