/** Where the agent of an end stands: the least privilege from which datagrams can be sent and counted. */
import type { Enter, ObserveJob } from '../agent/protocol.ts';
import type { Access, Opened } from '../facts/observe/access.ts';
import { podEntry } from '../facts/observe/pod-entry.ts';
import { runJob } from '../facts/observe/run.ts';
import { parseIgmp, parseIgmp6 } from '../facts/proc/memberships.ts';
import { localVantage } from '../vantage/local.ts';
import type { Vantage } from '../vantage/vantage.ts';
import type { End } from './ends.ts';

export interface Stand {
  readonly end: End;
  readonly vantage: Vantage;
  readonly enter: Enter;
  /** Groups that somebody there is a member of. */
  readonly groups: readonly string[];
  /** Boot id of the kernel: ends with the same one have one clock. */
  readonly boot: string | null;
}

/** An end that cannot be entered, and why. */
export interface NoStand {
  readonly end: End;
  readonly refused: string;
}

interface Rung {
  readonly open: () => Promise<Opened>;
  readonly enter: Enter;
}

/** Tries the ways in until an agent that can count has spoken there. */
export async function takeStand(end: End, access: Access | undefined, signal: AbortSignal): Promise<Stand | NoStand> {
  const reasons: string[] = [];
  for (const { open, enter } of rungs(end, access)) {
    const opened = await open();
    const heard = await runJob(opened, { kind: '', description: '' }, surveyJob(enter), signal);
    const counted = heard.messages.find((message) => message.type === 'counts');
    if ('vantage' in opened && counted?.type === 'counts') {
      const files = heard.messages.flatMap((message) => (message.type === 'file' ? [message] : []));
      return { end, vantage: opened.vantage, enter, groups: memberships(files), boot: counted.boot };
    }
    const refusal = heard.messages.find((message) => message.type === 'refused');
    reasons.push(refusal?.type === 'refused' ? refusal.error : (heard.problem ?? 'the agent said nothing'));
  }
  return { end, refused: reasons.join('; ') };
}

/** Exec, then a node pod, then an ephemeral container, whose entry stays for ever. */
function rungs({ pod, node, container }: End, access: Access | undefined): Rung[] {
  const here: Enter = { kind: 'here' };
  if (access === undefined) return [{ open: async () => ({ vantage: localVantage() }), enter: here }];
  if (pod === undefined && node === undefined) return [{ open: () => access.local(), enter: here }];
  if (pod === undefined) return [{ open: () => access.nodePod(node ?? ''), enter: { kind: 'node' } }];
  return [
    { open: () => access.exec(pod, container), enter: here },
    ...(node === undefined ? [] : [{ open: () => access.nodePod(node), enter: podEntry(pod) }]),
    { open: () => access.ephemeral(pod), enter: here },
  ];
}

/** Counting at no socket: it shows that the runtime can, and reads who is a member of what. */
function surveyJob(enter: Enter): ObserveJob {
  const reads = { files: MEMBERSHIPS, netlink: [], commands: [], owners: false };
  const receive = { run: '00'.repeat(8), sockets: [], duration: 0, every: 0 };
  return { kind: 'observe', deadline: 10, places: [{ id: 'end', enter, reads, receive }] };
}

const MEMBERSHIPS = ['/proc/net/igmp', '/proc/net/igmp6'];

function memberships(files: readonly { readonly path: string; readonly text: string }[]): string[] {
  return files
    .flatMap(({ path, text }) => (path.endsWith('6') ? parseIgmp6(text) : parseIgmp(text)))
    .map(({ group }) => group);
}
