/** What keeps a lab from coming up, in one sentence, and the way out of it. */
export class LabError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'LabError';
    this.hint = hint;
  }
}
