/** What the lab's commands share. */
import { labFolder, thisUser } from '../../lab/host/folder.ts';
import { LabError } from '../../lab/host/lab-error.ts';
import { DEFAULT_LAB } from '../../lab/host/shape.ts';
import { isRunning, readLabState } from '../../lab/host/state.ts';
import type { UpLab } from '../../lab/host/up.ts';
import { UserError } from '../exit.ts';

/** The lab of this name, or why not as a failure. */
export function findLab(name: string = DEFAULT_LAB): UpLab | undefined {
  const state = readLabState(labFolder(thisUser(), name));
  if (state?.ready === undefined || !isRunning(state)) return undefined;
  return { ...state, ready: state.ready };
}

/** Throws UserError where it is not up. */
export function needLab(name: string = DEFAULT_LAB): UpLab {
  const lab = findLab(name);
  if (lab !== undefined) return lab;
  throw new UserError(`the lab ${name} is not up`, { hint: `kmcast lab up${name === DEFAULT_LAB ? '' : ` ${name}`}` });
}

/** Runs `work`; what a lab cannot do becomes a sentence for the operator. */
export async function asUserError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new UserError(error.message, error.hint === undefined ? {} : { hint: error.hint });
  }
}
