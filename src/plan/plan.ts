/** A plan: one ordered list of steps that heals all errors of a diagnosis. kmcast prints it and never carries it out. */

export type StepPlace = 'cluster' | `node/${string}` | 'network' | 'application';

export interface Step {
  /** `cluster`: kubectl and a POSIX shell; `node/NAME`: a root shell there; `network`, `application`: for people. */
  readonly on: StepPlace;
  readonly title: string;
  readonly run?: string;
  /** For `kubectl apply -f -`. */
  readonly manifest?: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Who else uses what is changed, and who might revert it. */
  readonly affects: readonly string[];
  readonly undo: readonly string[];
  readonly retest: string;
}

export interface Alternative {
  readonly title: string;
  readonly steps: readonly Step[];
}
