import { readFileSync } from 'node:fs';
import type { AgentMessage } from '../../src/agent/protocol.ts';
import { type Fact, isKnown, unknown } from '../../src/model/fact.ts';
import type { Firewall } from '../../src/model/packet-filter.ts';

/** Messages of a real namespace (fixtures/record.sh): what namespaceReads() asks for, answered on Linux 6.18, iproute2 6.1. */
export const recorded = JSON.parse(
  readFileSync(new URL('./fixtures/namespace.json', import.meta.url), 'utf8'),
) as readonly AgentMessage[];

/** Without the answers of these types, which become failures with this error. */
export function without(
  messages: readonly AgentMessage[],
  types: readonly string[],
  error: string,
): readonly AgentMessage[] {
  return messages.map((message) => {
    if (!types.includes(message.type) || !('phase' in message)) return message;
    const what = message.type === 'file' ? message.path : message.type === 'failed' ? message.what : message.name;
    return { type: 'failed', place: message.place, phase: message.phase, what, error };
  });
}

/** What a recorded file said. */
export function recordedFile(path: string): string {
  for (const message of recorded) if (message.type === 'file' && message.path === path) return message.text;
  throw new Error(`${path} is not in the fixture`);
}

/** The value of a fact that must be known. */
export function value<T>(fact: Fact<T>): T {
  if (!isKnown(fact)) throw new Error(`unknown: ${fact.unknown}`);
  return fact.value;
}

/** Stands for the firewall's parser. */
export function noFirewall(): Fact<Firewall> {
  return unknown('not parsed in this test');
}

/** One order for lists that two sources give in different orders. */
export function sorted<T>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
