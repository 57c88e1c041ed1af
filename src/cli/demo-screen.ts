/** The demo on the terminal: each command is printed, then run by a shell, and what it shows is held against the story. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { fixIn, folded } from '../lab/demo/pasted.ts';
import type { Step } from '../lab/demo/story.ts';
import { UserError } from './exit.ts';
import { runShell, type ShellEnd } from './shell.ts';
import type { Terminal } from './terminal.ts';

export interface DemoScreen {
  /** Prints a command and runs it. Throws AbortError after a signal. */
  run(command: string): Promise<ShellEnd>;
  /** The same, as a part of the story. Throws UserError where it does not go as told. */
  play(step: Step): Promise<void>;
  /** A line of the story. */
  tell(text: string): Promise<void>;
  /** A command that is printed only. */
  show(command: string): Promise<void>;
  /** Passes a signal on to the command that runs; no other begins. */
  interrupt(signal: NodeJS.Signals): void;
  readonly interrupted: boolean;
}

/** Milliseconds to read a command before it runs; only somebody at a terminal does. */
const READING = 700;

export function demoScreen({ style, write }: Terminal, env: NodeJS.ProcessEnv): DemoScreen {
  let child: ChildProcess | undefined;
  let interrupted = false;
  let fix: ReturnType<typeof fixIn> = [];

  const tell = (text: string): Promise<void> => write(`\n${style.strong(`# ${text}`)}\n`);
  const show = (script: string): Promise<void> => {
    const [first = '', ...rest] = folded(script);
    return write([`${style.faint('$')} ${style.strong(first)}`, ...rest.map((line) => `  ${line}`), ''].join('\n'));
  };

  const run = async (script: string): Promise<ShellEnd> => {
    await show(script);
    if (process.stdout.isTTY) await sleep(READING);
    if (interrupted) throw new DOMException('interrupted', 'AbortError');
    const end = await runShell(script, env, (started) => {
      child = started;
    });
    child = undefined;
    if (interrupted) throw new DOMException('interrupted', 'AbortError');
    return end;
  };

  const expect = (command: string, { status, stdout }: ShellEnd, step: Step): void => {
    const text = stripVTControlCharacters(stdout);
    if (status === step.status && (step.shows?.test(text) ?? true)) return;
    throw new UserError(`this did not go as it should: ${command} (exit status ${status})`, {
      hint: 'kmcast lab demo --keep leaves the lab up, to look',
    });
  };

  return {
    run,
    tell,
    show,
    play: async (step) => {
      await tell(step.why);
      if (step.command !== 'fix') {
        const end = await run(step.command);
        expect(step.command, end, step);
        const found = fixIn(end.stdout);
        if (found.length > 0) fix = found;
        return;
      }
      for (const { title, script } of fix) {
        await write(`${style.faint(`# ${title}`)}\n`);
        expect(title, await run(script), step);
      }
    },
    interrupt: (signal) => {
      interrupted = true;
      // The terminal sends its SIGINT to the command as well.
      if (signal !== 'SIGINT') child?.kill('SIGTERM');
    },
    get interrupted() {
      return interrupted;
    },
  };
}
