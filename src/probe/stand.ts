/** Where the agent of an end stands: the least privilege from which datagrams can be sent and counted. */
import type { Enter } from '../agent/protocol.ts';
import type { Access, Opened } from '../facts/observe/access.ts';
import { podEntry } from '../facts/observe/pod-entry.ts';
import { parseIgmp, parseIgmp6 } from '../facts/proc/memberships.ts';
import { localVantage } from '../vantage/local.ts';
import { AgentJob, type Standing, type Work } from './agent-job.ts';
import { type End, withoutNetwork } from './ends.ts';

/** An end with an agent at work: it has joined, and is ready to send. */
export interface Stand extends Standing {
  readonly end: End;
  readonly job: AgentJob;
  /** Groups that somebody there was a member of before. */
  readonly groups: readonly string[];
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

/** Tries the ways in until an agent is at work there. */
export async function takeStand(
  end: End,
  work: Omit<Work, 'reads'>,
  access: Access | undefined,
  signal: AbortSignal,
): Promise<Stand | NoStand> {
  const bare = withoutNetwork(end);
  if (bare !== undefined) return { end, refused: bare };
  const reasons: string[] = [];
  for (const { open, enter } of rungs(end, access)) {
    const opened = await open();
    if ('refused' in opened) {
      reasons.push(opened.refused);
      continue;
    }
    const { vantage } = opened;
    const job = new AgentJob({ vantage, enter }, { ...work, reads: MEMBERSHIPS }, signal);
    if (await job.until((said) => isReady(said, work))) {
      return { end, vantage, enter, job, groups: memberships(job) };
    }
    signal.throwIfAborted();
    const [refusal] = job.of('refused');
    reasons.push(refusal?.error ?? (await job.ended) ?? 'the agent said nothing');
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

const MEMBERSHIPS = {
  files: ['/proc/net/igmp', '/proc/net/igmp6'],
  netlink: [],
  commands: [],
  owners: false,
};

/** Every socket said how it went. */
function isReady(job: AgentJob, { receive, send }: Omit<Work, 'reads'>): boolean {
  return (
    (receive === undefined || job.of('receiving').length >= receive.sockets.length) &&
    (send === undefined || job.of('sent').length > 0)
  );
}

function memberships(job: AgentJob): string[] {
  return job
    .of('file')
    .flatMap(({ path, text }) => (path.endsWith('6') ? parseIgmp6(text) : parseIgmp(text)))
    .map(({ group }) => group);
}
