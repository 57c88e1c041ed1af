/** What `kmcast send` sent, as a report. */
import type { SentFlow, TrafficMessage } from '../agent/traffic.ts';
import { formatGroup, type Group } from '../model/group.ts';
import { sendErrorText } from './say-error.ts';

/** `kmcast send -o json`. */
export interface Sending {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Sending';
  readonly kmcastVersion: string;
  /** Run id that the datagrams carry. */
  readonly run: string;
  /** Whether the kernel took all. */
  readonly ok: boolean;
  readonly groups: readonly SentGroup[];
}

export interface SentGroup {
  readonly group: string;
  /** `10.0.0.5:4000`; absent where the kernel found no way. */
  readonly from?: string;
  readonly interface?: string;
  readonly tried: number;
  readonly sent: number;
  readonly errors: readonly { readonly packets: number; readonly error: string }[];
}

/** The flows are numbered from 1 in the order of `groups`. */
export function sending(
  version: string,
  run: string,
  groups: readonly Group[],
  sent: Extract<TrafficMessage, { type: 'sent' }> | undefined,
): Sending {
  const told = groups.map((group, index) =>
    describe(
      group,
      sent?.flows.find(({ id }) => id === index + 1),
    ),
  );
  const ok = told.every(({ errors, sent }) => errors.length === 0 && sent > 0);
  return { schemaVersion: 'kmcast/v1', kind: 'Sending', kmcastVersion: version, run, ok, groups: told };
}

function describe(group: Group, flow: SentFlow | undefined): SentGroup {
  const source = flow?.source;
  return {
    group: formatGroup(group),
    ...(source === undefined
      ? {}
      : { from: source.includes(':') ? `[${source}]:${flow?.port}` : `${source}:${flow?.port}` }),
    ...(flow?.interface === undefined ? {} : { interface: flow.interface }),
    tried: flow?.tried ?? 0,
    sent: flow?.sent ?? 0,
    errors: (flow?.errors ?? []).map((error) => ({
      packets: error.packets,
      error: sendErrorText(group.address, error),
    })),
  };
}
