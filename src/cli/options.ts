/** Options that commands share, as kubectl names them. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { canonicalAddress } from '../model/address.ts';
import { type Group, isMulticast, parseGroup } from '../model/group.ts';
import { parseTarget, type TargetName } from '../model/target.ts';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** How kmcast gets in, and how long it may take. */
export interface AccessOptions extends PodOptions {
  readonly vantage?: VantageChoice;
}

/** What kmcast may create, and how long it may take. */
export interface PodOptions extends ClusterOptions {
  readonly image?: string;
  readonly privileged: boolean;
  readonly dryRun?: boolean;
  readonly timeout: number;
}

export interface LookOptions extends AccessOptions {
  readonly selector?: string;
  readonly group?: readonly Group[];
  readonly source?: string;
  readonly for?: number;
}

export type VantageChoice = 'exec' | 'node-pod' | 'ephemeral' | 'local';

/** `--kubeconfig --context -n`. */
export function withCluster(command: Command): Command {
  return command
    .addOption(new Option('--kubeconfig <file>', 'kubeconfig file').helpGroup('Cluster:'))
    .addOption(new Option('--context <name>', 'kubeconfig context').helpGroup('Cluster:'))
    .addOption(new Option('-n, --namespace <name>', 'namespace (default: that of the context)').helpGroup('Cluster:'));
}

/** What every command that looks at targets takes. */
export function withLook(command: Command): Command {
  return withAccess(
    withCluster(command)
      .option('-l, --selector <labels>', 'pods by label, in place of names')
      .option(
        '--group <group>',
        'group: 239.1.2.3, 239.1.2.3:5007, SOURCE@GROUP:PORT, [ff15::1]:5007; may be repeated',
        collectGroup,
      )
      .option('--source <address>', 'address that sends to the group', address)
      .option(
        '--for <time>',
        'how long to watch the wire: 10s, 5m (default: until enough was seen, at most 1 s without a join and 3 s with one)',
        duration,
      ),
  );
}

/** How to get in. */
export function withAccess(command: Command): Command {
  return withPods(
    command.addOption(
      new Option('--vantage <kind>', 'how to get in')
        .choices(['exec', 'node-pod', 'ephemeral', 'local'])
        .helpGroup('Access:'),
    ),
    'image for node pods and ephemeral containers',
  );
}

/** What may be created. */
export function withPods(command: Command, image = 'image for the pods; it needs python3 or node'): Command {
  return command
    .addOption(new Option('--image <name>', image).helpGroup('Access:'))
    .addOption(new Option('--no-privileged', 'create no privileged pod').helpGroup('Access:'))
    .addOption(new Option('--dry-run', 'say what would be created and done, and do nothing').helpGroup('Access:'))
    .addOption(
      new Option('--timeout <time>', 'end at the latest after this time')
        .default(60_000, '60s')
        .argParser(duration)
        .helpGroup('Access:'),
    );
}

/** `-o`, checked against the formats of the command. */
export function withOutput(command: Command, formats: readonly string[]): Command {
  return command.addOption(new Option('-o, --output <format>', 'output format').choices([...formats]).default('text'));
}

function collectGroup(text: string, before: readonly Group[] | undefined): Group[] {
  return [...(before ?? []), oneGroup(text)];
}

/** One group, as `parseGroup` reads it. */
export function oneGroup(text: string): Group {
  const group = parseGroup(text);
  if (typeof group === 'string') throw new InvalidArgumentError(group);
  return group;
}

export function address(text: string): string {
  const canonical = canonicalAddress(text);
  if (canonical === undefined) throw new InvalidArgumentError('not an address');
  if (isMulticast(canonical)) throw new InvalidArgumentError('a group, where the address of a sender is wanted');
  return canonical;
}

/** `500ms`, `10s`, `5m`, `10` (seconds), in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('write a time such as 500ms, 10s or 5m');
  return Math.round(Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's']!);
}

/** The targets of a command line, or the message of the first that is none. */
export function targetsOf(words: readonly string[]): TargetName[] | string {
  const targets = words.map(parseTarget);
  return targets.find((target) => typeof target === 'string') ?? (targets as TargetName[]);
}
