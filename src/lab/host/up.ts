/** `lab up`: a lab of this name and shape, whatever was there before. */
import { endLab, endProcesses } from './end.ts';
import { makeLabFolder, removeLabFolder, type User } from './folder.ts';
import { LabError } from './lab-error.ts';
import { launch } from './launch.ts';
import { withLabLock } from './lock.ts';
import { checkRequirements, type System } from './requirements.ts';
import { type LabShape, shapeOptions } from './shape.ts';
import { isRunning, type LabReady, type LabState, readLabState, writeLabState } from './state.ts';

export interface UpWishes {
  readonly name: string;
  readonly shape: LabShape;
  readonly user: User;
  readonly system: System;
  /** The script of kmcast that is running. */
  readonly program: string;
  readonly onStep: (text: string) => void;
  /** Ends it halfway: everything that was begun is undone, then the call rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

export type UpLab = LabState & { readonly ready: LabReady };

/** Milliseconds: a lab that another command is just making is waited for. */
const PATIENCE = 60_000;

/** `isNew` is false when the lab was up already. Throws LabError. */
export async function labUp(wishes: UpWishes): Promise<{ readonly lab: UpLab; readonly isNew: boolean }> {
  checkRequirements(wishes.system);
  const folder = makeLabFolder(wishes.user, wishes.name);
  return withLabLock(folder, PATIENCE, async () => {
    const found = readLabState(folder);
    if (found?.ready !== undefined && isRunning(found)) {
      refuseOtherShape(found, wishes.shape);
      return { lab: { ...found, ready: found.ready }, isNew: false };
    }
    await endLab(folder);
    makeLabFolder(wishes.user, wishes.name);
    return { lab: await make(folder, wishes), isNew: true };
  });
}

function refuseOtherShape(found: LabState, shape: LabShape): void {
  if (shapeOptions(found.shape) === shapeOptions(shape)) return;
  throw new LabError(
    `the lab ${found.name} is up with another shape: ${shapeOptions(found.shape)}`,
    `end it first (kmcast lab down ${found.name}), or give this one another name`,
  );
}

async function make(folder: string, wishes: UpWishes): Promise<UpLab> {
  const { name, shape, system, program, onStep, signal } = wishes;
  signal.throwIfAborted();
  const launched = launch({ name, shape, folder, system, program, onStep });
  try {
    writeLabState(folder, launched.state);
    const ready = await Promise.race([launched.ready, aborted(signal)]);
    const lab = { ...launched.state, ready };
    writeLabState(folder, lab);
    await launched.go();
    return lab;
  } catch (error) {
    await endProcesses(launched.state);
    removeLabFolder(folder);
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
