/** What would mend a finding, as intent. The plan turns all intents of a diagnosis into one list of steps. */

export type Fix =
  /** The attachment's routes must be right for the group and source asked about; `from` is the attachment to copy when it does not exist yet. */
  | {
      readonly kind: 'attachment';
      readonly namespace: string;
      readonly name: string;
      readonly from?: { readonly namespace: string; readonly name: string };
      readonly edits: readonly NadEdit[];
    }
  /** The pod needs a secondary network on this parent interface of its node; `as` is an attachment that it asks for already and that does not exist. */
  | {
      readonly kind: 'attach-new';
      readonly parent: string | undefined;
      readonly as?: { readonly namespace: string; readonly name: string };
    }
  /** The networks annotation must be this. */
  | { readonly kind: 'annotate'; readonly networks: string }
  /** The pod must be created anew, so that networks, routes or joins are made again. */
  | { readonly kind: 'recreate' }
  /** Commands for a root shell on the node. */
  | {
      readonly kind: 'node';
      readonly node: string;
      readonly title: string;
      readonly run: string;
      readonly undo?: string;
    }
  /** Commands with kubectl and a POSIX shell. */
  | { readonly kind: 'cluster'; readonly title: string; readonly run: string; readonly undo?: string }
  /** What kmcast cannot reach: a switch, the application. */
  | {
      readonly kind: 'advice';
      readonly on: 'network' | 'application' | 'cluster' | `node/${string}`;
      readonly title: string;
    }
  /** Another way, outside the plan. */
  | { readonly kind: 'alternative'; readonly title: string; readonly on: string; readonly run: string };

/** A change of an attachment's configuration beside its routes. */
export type NadEdit =
  | { readonly set: 'master'; readonly value: string }
  | { readonly set: 'mode'; readonly value: string }
  | { readonly set: 'bcqueuelen'; readonly value: number }
  | { readonly set: 'sysctl'; readonly name: string; readonly value: string }
  | { readonly set: 'config'; readonly value: string }
  | { readonly drop: 'route'; readonly dst: string };
