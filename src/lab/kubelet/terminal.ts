/** A terminal for a command: script(1) of util-linux makes one inside the container. */
import { quote } from '../../agent/sh/quote.ts';

/**
 * script, handed over as file 8, runs a shell line. Every word is quoted, so that the shell reads it as it is. `-f` writes at once,
 * `-e` passes the exit status on, and nothing is recorded.
 */
export function terminalCommand(command: readonly string[]): string[] {
  return ['/proc/self/fd/8', '-qefc', `exec ${command.map(quote).join(' ')}`, '/dev/null'];
}
