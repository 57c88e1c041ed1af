/** The command `conformance`, and its options. */
import { type Command, Option } from 'commander';
import { CONFORMANCE_FORMATS } from '../conformance/render.ts';
import { oneGroup, withCluster, withOutput, withPods } from './options.ts';
import type { GlobalOptions } from './terminal.ts';

export function registerConformance(
  program: Command,
  globals: () => GlobalOptions,
  finish: (status: Promise<number>) => Promise<void>,
): void {
  const command = program
    .command('conformance')
    .summary('what the pod network does with multicast, beside what it claims')
    .description(
      'Makes some pods, sends between them, hosts and outside, and tells the level, reach and boundary of the pod network (words of KEP-31’s draft).',
    )
    .option('--nodes <name...>', 'nodes for the pods; the sender is on the first (default: two that are ready)')
    .option(
      '--other-namespace <name>',
      'existing namespace for pods of another namespace (default: KMCAST_NAMESPACE, kmcast, default)',
    )
    .option('--no-other-namespace', 'make pods in one namespace alone')
    .addOption(new Option('--outside <host>', 'an end outside of the cluster: this machine').choices(['local']))
    .option('--outside-interface <name>', 'its interface (default: by the routes)')
    .option('--group <group>', 'group with its port (default: a free one of 239.255.0.0/16, ff15::/16)', oneGroup)
    .addOption(new Option('-4, --ipv4', 'IPv4 (default: the families that the pods have)').conflicts('group'))
    .addOption(new Option('-6, --ipv6', 'IPv6').conflicts('group'));
  withOutput(withPods(withCluster(command)), CONFORMANCE_FORMATS)
    .addHelpText(
      'after',
      '\nExit status: 0 it does what it claims (or nothing is claimed), 1 less than it claims, 2 usage, 3 level or reach could not be measured, 130 interrupted\n\nExample:\n  kmcast conformance -n video --other-namespace default',
    )
    .action(async (options) =>
      finish((await import('./commands/conformance.ts')).conformanceCommand(options, globals())),
    );
}
