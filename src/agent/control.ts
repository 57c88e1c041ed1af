/** Asking an agent while it runs, by lines on its stdin. */

/** Gives words to the agent of one job; before it was started they are lost. */
export class AgentControl {
  #write: (data: Uint8Array) => void = () => undefined;

  /** Called by whoever starts the agent, once its stdin is open. */
  attach(write: (data: Uint8Array) => void): void {
    this.#write = write;
  }

  /** Lets senders begin that wait for it. */
  go(): void {
    this.#write(Buffer.from('go\n'));
  }

  /** Ends sending and counting: the agent says what it counted, and ends. */
  halt(): void {
    this.#write(Buffer.from('halt\n'));
  }

  /** Asks for the agent's time; `id` comes back with it. */
  clock(id: number): void {
    this.#write(Buffer.from(`clock ${id}\n`));
  }
}
