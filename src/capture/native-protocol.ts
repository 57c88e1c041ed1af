/** What kmcast and its capturing process say to each other: one JSON object a line. */

import type { SeenSource } from '../discover/account.ts';
import type { Began, CannotCapture, Glance, Tally, WatchWishes } from './live.ts';

export interface ChildJob extends WatchWishes {
  /** In libpcap's language. */
  readonly filter: string;
  /** Bytes of each interface's buffer in the kernel. */
  readonly buffer: number;
  /** Whether packets are written to descriptor 4. */
  readonly keep: boolean;
}

export type ChildMessage =
  | { readonly type: 'fatal'; readonly kind: CannotCapture['kind']; readonly error: string }
  | { readonly type: 'began'; readonly began: Began }
  | { readonly type: 'fresh'; readonly sources: readonly SeenSource[] }
  | { readonly type: 'glance'; readonly glance: Glance }
  | { readonly type: 'tally'; readonly tally: Tally };
