import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrives } from '../../lab/arrivals.ts';
import { clock, drillable, hintFor, pickFault } from '../../lab/drill.ts';
import { type Fault, symptomOf } from '../../lab/fault.ts';
import { labFolder, thisUser } from '../../lab/host/folder.ts';
import { DEFAULT_LAB } from '../../lab/host/shape.ts';
import type { UpLab } from '../../lab/host/up.ts';
import { breakLab, currentFault, drillSince, endDrill, noteDrill } from '../../lab/play.ts';
import { NAMESPACE, RECEIVER } from '../../lab/scene.ts';
import { openStage, type Stage } from '../../lab/stage.ts';
import { EXIT, UserError } from '../exit.ts';
import { type GlobalOptions, openTerminal, type Terminal } from '../terminal.ts';
import { needFault } from './lab-break.ts';
import { asUserError, findLab, needLab } from './lab-common.ts';
import { bringUp } from './lab-up.ts';

export interface LabDrillOptions {
  readonly name?: string;
  readonly fault?: string;
  readonly seed?: number;
  readonly check?: boolean;
}

/** One that goes on. */
interface Drill {
  readonly stage: Stage;
  /** The lab's name as an argument, with a blank before it; empty for the default one. */
  readonly lab: string;
  readonly name: string;
  readonly fault: Fault;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Milliseconds within which two lines of the receiver must come. */
const PATIENCE = 3000;
/** Seeds that one remembers. */
const SEEDS = 10_000;

/** `kmcast lab drill`. Exit status 0 when healed (or begun, without a terminal), 1 when not. */
export async function labDrill(options: LabDrillOptions, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  if (options.check === true) return check(await goingOn(options.name), out);
  if (options.fault !== undefined) needFault(options.fault);
  const lab = findLab(options.name) ?? (await bringUp(options.name ?? DEFAULT_LAB, ORDINARY, out));
  const seed = options.seed ?? randomInt(SEEDS);
  const fault = options.fault ?? pickFault(drillable(lab.shape), seed) ?? '';
  const folder = labFolder(thisUser(), lab.name);
  const drill = await asUserError(async (): Promise<Drill> => {
    out.progress('breaking it');
    const stage = await openStage(lab, folder);
    await breakLab(stage, fault);
    const since = Date.now();
    noteDrill(folder, since);
    return { stage, lab: argument(lab), name: fault, fault: needFault(fault), since };
  }).finally(() => out.done());
  if (options.fault === undefined) out.say(`drill ${seed} (--seed ${seed} is the same one again)`);
  await out.write(`${task(lab, drill)}\n`);
  if (process.stdin.isTTY === true) return converse(drill, createInterface({ input: process.stdin }), out);
  out.say(`kmcast lab drill --check${drill.lab} tells whether it arrives`);
  return EXIT.ok;
}

const ORDINARY = { nodes: 2, podNetwork: 'overlay', scene: true } as const;

async function goingOn(wanted: string | undefined): Promise<Drill> {
  const lab = needLab(wanted);
  const folder = labFolder(thisUser(), lab.name);
  const [name, since] = [currentFault(folder), drillSince(folder)];
  if (name === undefined || since === undefined)
    throw new UserError(`no drill goes on in the lab ${lab.name}`, { hint: 'kmcast lab drill begins one' });
  return { stage: await openStage(lab, folder), lab: argument(lab), name, fault: needFault(name), since };
}

function argument(lab: UpLab): string {
  return lab.name === DEFAULT_LAB ? '' : ` ${lab.name}`;
}

/** The sending pod, where doctor is asked about that. */
const SENDER = 'pod/camera';

/** What the operator is told. */
function task(lab: UpLab, { fault }: Drill): string {
  const { target, group } = symptomOf(fault);
  const what =
    target === SENDER
      ? `pod/${RECEIVER} does not get ${group}, which ${target} sends`
      : `${target} does not get ${group}`;
  return `In namespace ${NAMESPACE} ${what}. Mend it, with kubectl and kmcast lab exec:\n\n  export KUBECONFIG=${lab.ready.kubeconfig}\n`;
}

/** Until it is healed or given up. Lines are what the operator types. */
async function converse(drill: Drill, lines: AsyncIterable<string>, out: Terminal): Promise<number> {
  const keys = 'Enter: does it arrive?  h: a hint  q: give up (each with Enter)\n';
  await out.write(keys);
  for await (const line of lines) {
    const key = line.trim().toLowerCase();
    if (key === 'q') return giveUp(drill, out);
    if (key === 'h') await out.write(`${hintFor(drill.fault)}\n`);
    else if (key !== '') await out.write(keys);
    else if ((await check(drill, out)) === EXIT.ok) return EXIT.ok;
  }
  out.say(`the drill goes on: kmcast lab drill --check${drill.lab}`);
  return EXIT.findings;
}

/** Exit status 0 when the stream arrives, and the drill is over; 1 when not. */
async function check(drill: Drill, out: Terminal): Promise<number> {
  const { stage, fault, since } = drill;
  const asked = Date.now();
  out.progress('looking');
  const heard = await isHealed(drill).finally(() => out.done());
  if (!heard) {
    await out.write(`still nothing, ${clock(Date.now() - since)}\n`);
    return EXIT.findings;
  }
  endDrill(stage.folder);
  await out.write(`arrives: ${clock(asked - since)} min. ${answer(drill.name, fault)}`);
  return EXIT.ok;
}

async function isHealed({ stage, fault }: Drill): Promise<boolean> {
  if (!(await arrives(stage, PATIENCE))) return false;
  if (fault.settles === undefined) return true;
  // What heals for some seconds only has not healed.
  await sleep(fault.settles * 1000);
  return arrives(stage, PATIENCE);
}

async function giveUp({ stage, lab, name, fault }: Drill, out: Terminal): Promise<number> {
  endDrill(stage.folder);
  const { target, group } = symptomOf(fault);
  const mend = `kmcast doctor ${target} -n ${NAMESPACE} --group ${group}   # what it says\n  kmcast lab heal${lab}   # all is well again`;
  await out.write(`${answer(name, fault)}  ${mend}\n`);
  return EXIT.findings;
}

function answer(name: string, { title, rules }: Fault): string {
  return `It was ${name}: ${title}\n  kmcast explain ${rules[0]}\n`;
}
