/** The commands that watch packets, as commander knows them. */
import type { Command } from 'commander';
import { withOutput } from './options.ts';
import type { GlobalOptions } from './terminal.ts';
import { amount, DISCOVERY_FORMATS, forOption, query, several, subnet, withWatch } from './watch-options.ts';

/** @param finish runs a command to its exit status */
export function registerWatch(
  program: Command,
  targets: string,
  globals: () => GlobalOptions,
  finish: (command: Promise<number>) => Promise<void>,
): void {
  withOutput(
    withWatch(
      program
        .command('discover-source')
        .summary('who sends to a group, seen where; prints the route JSON')
        .description(
          'Joins groups, watches the wire, and lists who sends to them. Ends with the routes that an attachment needs.',
        ),
    ),
    DISCOVERY_FORMATS,
  )
    .argument('[group...]', '239.1.2.3, 239.1.2.3:5007, 239.1.2.0/28, SOURCE@GROUP:PORT, [ff15::1]:5007')
    .option('--on <target>', 'where to watch; may be repeated (default: local, this machine)', several)
    .option('--any', 'all groups on the wire, without joining')
    .option('--no-join', 'only listen')
    .option('-r, --read <file>', 'a pcap or pcapng file in place of a wire; - for standard input')
    .option('-w, --write <file>', 'also keep the packets (pcapng)')
    .addOption(forOption('how long to watch: 10s, 5m', 10_000, '10s'))
    .option('--count <n>', 'stop after so many sources', amount)
    .option('--subnet <cidr>', 'a subnet of the LAN, whose sources need no route; may be repeated', subnet)
    .option('--nad <name>', 'merge the routes into this attachment: NAME or NAMESPACE/NAME')
    .addHelpText(
      'after',
      `\nTargets: ${targets}\nExit status: 0 a source was found, 1 none, 2 usage, 3 could not look, 130 interrupted\n\nExamples:\n  kmcast discover-source 239.1.2.3 --on nodes\n  kmcast discover-source 239.1.2.3:5007 --on pod/rx -n video --nad camera-lan\n  tcpdump -w - | kmcast discover-source --any -r -`,
    )
    .action(async (groups, options) =>
      finish((await import('./commands/discover-source.ts')).discoverSource(groups, options, globals())),
    );

  withWatch(program.command('capture').summary('packets of a target to a file or a pipe (Wireshark)'))
    .argument('[target...]', targets.replace('none: the namespace', 'none: this machine'))
    .option(
      '--group <group>',
      'only this group or range, and IGMP and MLD; may be repeated (default: all multicast)',
      query,
    )
    .option('--join', 'join the groups meanwhile')
    .requiredOption('-w, --write <file>', 'pcapng file; - for standard output')
    .addOption(forOption('how long at most', 3_600_000, '1h'))
    .option('--count <n>', 'stop after so many packets of a target', amount)
    .option('--bytes <n>', 'stop when the file has so many bytes: 10M', amount)
    .option('-s, --snap-length <bytes>', 'bytes kept of a packet', amount, 262_144)
    .addHelpText(
      'after',
      `\nExit status: 0 packets were captured, 1 none came, 2 usage, 3 could not capture, 130 interrupted\n\nExamples:\n  kmcast capture pod/rx -n video --group 239.1.2.3 -w rx.pcapng\n  kmcast capture node/worker-1 -w - | wireshark -k -i -`,
    )
    .action(async (words, options) =>
      finish((await import('./commands/capture.ts')).capture(words, options, globals())),
    );
}
