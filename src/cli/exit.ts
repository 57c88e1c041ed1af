/** Exit statuses, the same for every output format. */
export const EXIT = {
  /** No finding of severity error. */
  ok: 0,
  /** At least one. */
  findings: 1,
  usage: 2,
  /** No verdict: could not look. */
  noVerdict: 3,
  interrupted: 130,
} as const;

/** A failure that the operator can act on: what failed, and what to do. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly status: number;
  constructor(message: string, options: { readonly hint?: string; readonly status?: number } = {}) {
    super(message);
    this.name = 'UserError';
    this.hint = options.hint;
    this.status = options.status ?? EXIT.noVerdict;
  }
}
