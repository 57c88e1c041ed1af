/** Runs one job at a vantage and keeps what the agent said. */
import type { AgentMessage, ObserveJob } from '../../agent/protocol.ts';
import type { VantageRecord } from '../snapshot.ts';
import type { Opened } from './access.ts';

export interface Heard {
  readonly messages: readonly AgentMessage[];
  /** Why something may be missing. */
  readonly problem: string | undefined;
  readonly record: VantageRecord;
}

/** Never rejects: a vantage that fails is a fact of the diagnosis. */
export async function runJob(
  opened: Opened,
  wanted: { readonly kind: string; readonly description: string },
  job: ObserveJob,
  signal: AbortSignal | undefined,
): Promise<Heard> {
  if ('refused' in opened)
    return { messages: [], problem: opened.refused, record: { ...wanted, outcome: 'refused', reason: opened.refused } };
  const { vantage } = opened;
  const messages: AgentMessage[] = [];
  try {
    const end = await vantage.run(job, (message) => messages.push(message), signal);
    const problem = end.complete ? undefined : (end.problem ?? 'the agent was cut off');
    return {
      messages,
      problem,
      record: {
        kind: vantage.kind,
        description: vantage.description,
        outcome: problem === undefined ? 'used' : 'failed',
        ...(problem === undefined ? {} : { reason: problem }),
      },
    };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return {
      messages,
      problem: reason,
      record: { kind: vantage.kind, description: vantage.description, outcome: 'failed', reason },
    };
  }
}
