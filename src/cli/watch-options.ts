/** Options of the commands that watch packets. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type GroupQuery, parseGroupQuery } from '../discover/group-query.ts';
import { parsePrefix } from '../model/address.ts';
import { type AccessOptions, duration, withAccess, withCluster } from './options.ts';

export interface WatchOptions extends AccessOptions {
  readonly selector?: string;
  readonly interface?: readonly string[];
  readonly for: number;
  readonly write?: string;
}

export interface DiscoverOptions extends WatchOptions {
  readonly on?: readonly string[];
  readonly any?: boolean;
  readonly join: boolean;
  readonly read?: string;
  readonly count?: number;
  readonly nad?: string;
  readonly subnet?: readonly string[];
  readonly output: 'text' | 'json' | 'jsonl' | 'yaml';
}

export interface CaptureOptions extends WatchOptions {
  readonly group?: readonly GroupQuery[];
  readonly join?: boolean;
  readonly snapLength: number;
  readonly count?: number;
  readonly bytes?: number;
  readonly write: string;
}

export const DISCOVERY_FORMATS = ['text', 'json', 'jsonl', 'yaml'] as const;

/** Kubernetes options, and which interfaces. */
export function withWatch(command: Command): Command {
  return withAccess(
    withCluster(command)
      .option('-l, --selector <labels>', 'pods by label, in place of names')
      .option(
        '-i, --interface <name>',
        'interface; may be repeated (default: NICs of a node, all but lo of a pod)',
        several,
      ),
  );
}

/** Gathers the values of an option that may be repeated. */
export function several(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

export function query(text: string, before: readonly GroupQuery[] | undefined): GroupQuery[] {
  const parsed = parseGroupQuery(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(parsed);
  return [...(before ?? []), parsed];
}

/** A prefix in canonical form; gathers several. */
export function subnet(text: string, before: readonly string[] | undefined): string[] {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new InvalidArgumentError('write a prefix such as 172.31.0.0/24');
  return [...(before ?? []), `${prefix.address}/${prefix.length}`];
}

/** A whole number above 0, perhaps with k, M or G. */
export function amount(text: string): number {
  const match = /^([1-9]\d*)([kMG]?)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('write a number above 0, such as 1 or 10M');
  return Number(match[1]) * ({ k: 1e3, M: 1e6, G: 1e9 }[match[2] ?? ''] ?? 1);
}

/** `--for`, with what it is when it is not given. */
export function forOption(text: string, byDefault: number, shown: string): Option {
  return new Option('--for <time>', text).default(byDefault, shown).argParser(duration);
}
