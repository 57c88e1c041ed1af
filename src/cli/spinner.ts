/** One line of what is being done, by ora, which is loaded only when there is something to show. */
import type { Ora } from 'ora';

export class Spinner {
  #text: string | undefined;
  #ora: Ora | undefined;
  #loading: Promise<void> | undefined;

  show(text: string): void {
    this.#text = text;
    if (this.#ora !== undefined) this.#ora.start(text);
    this.#loading ??= import('ora').then(({ default: ora }) => {
      // Ctrl-C must reach kmcast, which cleans up: ora may not swallow stdin.
      this.#ora = ora({ discardStdin: false, stream: process.stderr });
      if (this.#text !== undefined) this.#ora.start(this.#text);
    });
  }

  /** Clears the line; the next `show` begins anew. */
  clear(): void {
    this.#text = undefined;
    this.#ora?.stop();
  }
}
