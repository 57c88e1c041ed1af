/** The sender on the outside host. */
import type { Place } from '../place.ts';
import { streamCommand } from '../scene.ts';

/** Milliseconds before it begins again. */
const PAUSE = 1000;

/** Sends the scene's stream for as long as the lab lives: when somebody ends the sender, another follows. */
export function keepStream(outside: Place): void {
  const { argv, env } = streamCommand();
  const child = outside.spawn(argv, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  let isOver = false;
  const again = (): void => {
    if (isOver) return;
    isOver = true;
    setTimeout(() => keepStream(outside), PAUSE);
  };
  child.on('error', again);
  child.on('exit', again);
}
