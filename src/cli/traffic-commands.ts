/** The commands that send and count test datagrams, and their options. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LossLimit, parseLossLimit } from '../probe/limits.ts';
import { LARGEST } from '../probe/own-datagrams.ts';
import { PROBE_FORMATS } from '../probe/render.ts';
import { address, duration, oneGroup, withAccess, withCluster, withOutput } from './options.ts';
import type { GlobalOptions } from './terminal.ts';
import { positive, whole } from './traffic.ts';

const LOCAL_FORMATS = ['text', 'json', 'jsonl'];
const MOST = 2 ** 31;

/** Adds `send`, `receive` and `probe`. */
export function addTrafficCommands(
  program: Command,
  globals: () => GlobalOptions,
  finish: (status: Promise<number>) => Promise<void>,
): void {
  addProbe(program, globals, finish);
  withOutput(
    withTest(program.command('send').summary('send test datagrams from this machine'), 10)
      .description(
        'Sends test datagrams to groups from this machine until --count or --for is reached, or it is interrupted.',
      )
      .argument('<group...>', GROUPS)
      .option('--count <n>', 'datagrams for each group', whole(1, MOST))
      .option('--for <time>', 'how long: 10s, 5m', duration)
      .option('--interface <name>', 'where to send (default: by the routes)')
      .option('--source <address>', 'own address to send from', address),
    LOCAL_FORMATS,
  )
    .addHelpText('after', '\nExit status: 0 all sent, 1 not all sent, 2 usage, 130 interrupted before --count or --for')
    .action(async (groups, options) => finish((await import('./commands/send.ts')).send(groups, options, globals())));

  withOutput(
    program
      .command('receive')
      .summary('join groups on this machine, and count what comes')
      .description(
        'Joins groups on this machine and counts every datagram, anyone’s. Loss is told for datagrams that kmcast sent.',
      )
      .argument('<group...>', GROUPS)
      .option('--count <n>', 'end with success after so many datagrams of each group', whole(1, MOST))
      .option('--for <time>', 'end after this time: 10s, 5m (default: when interrupted)', duration)
      .addOption(maxLoss('fail when more are lost of a sender: 3, or 0.5%'))
      .option('--interface <name>', 'where to join (default: by the routes)')
      .option('--source <address>', 'join for this source alone (source-specific)', address)
      .option(
        '--buffer <bytes>',
        'receive buffer to ask for (default: 4 MiB; net.core.rmem_max bounds it)',
        whole(2048, MOST - 1),
      ),
    LOCAL_FORMATS,
  )
    .addHelpText(
      'after',
      '\nExit status: 0 every group came, 1 nothing or too little came, 2 usage, 130 interrupted before --count or --for',
    )
    .action(async (groups, options) =>
      finish((await import('./commands/receive.ts')).receive(groups, options, globals())),
    );
}

/** Adds `probe`. */
function addProbe(
  program: Command,
  globals: () => GlobalOptions,
  finish: (status: Promise<number>) => Promise<void>,
): void {
  const command = program
    .command('probe')
    .summary('send and receive between targets: a matrix of loss, duplicates, latency')
    .description(
      'Sends test datagrams from every --from to every --to, which join first, and tells what arrived on each path.',
    )
    .requiredOption('--from <target...>', SENDERS)
    .requiredOption('--to <target...>', 'who receives; as for --from')
    .option('--group <group>', 'group with its port (default: a free one of 239.255.0.0/16)', oneGroup)
    .option('--source <address>', 'join for this source alone (source-specific)', address)
    .option('-6, --ipv6', 'take a free IPv6 group')
    .option('--interface <name>', 'where to send and to join (default: by the routes)')
    .option('--from-interface <name>', 'where to send')
    .option('--to-interface <name>', 'where to join')
    .option('--count <n>', 'datagrams of each sender (default: 100, fewer for very many senders)', whole(1, 1_000_000))
    .addOption(
      new Option(
        '--engine <name>',
        'who runs the agents: kmcast by a connection to each, or for nodes Kubernetes (default: from 9 nodes on)',
      ).choices(['connections', 'cluster']),
    )
    .option('--no-trace', 'do not look for the hop where a failing path loses its datagrams')
    .addOption(maxLoss('loss that is no failure, for each path: 3, or 0.5%').default({ datagrams: 0 }, '0'));
  withOutput(withAccess(withCluster(withTest(command, 50))), PROBE_FORMATS)
    .addHelpText(
      'after',
      '\nExit status: 0 no path loses more than --max-loss, 1 one does, 2 usage, 3 a path could not be tested, 130 interrupted\n\nExample:\n  kmcast probe -n video --from pod/tx --to deploy/rx --interface net1',
    )
    .action(async (options) => finish((await import('./commands/probe.ts')).probeCommand(options, globals())));
}

const SENDERS = 'who sends: pod/NAME[/CONTAINER], deploy/NAME (sts, ds, rs, job), app=LABEL, node/NAME, nodes, local';

const GROUPS = 'groups with ports: 239.1.2.3:5007, SOURCE@232.1.1.1:5007, [ff15::1]:5007';

/** `--rate --size --ttl`: what test datagrams are like. */
function withTest(command: Command, rate: number): Command {
  return command
    .addOption(
      new Option('--rate <n>', 'datagrams a second for each group').default(rate).argParser(positive(1_000_000)),
    )
    .addOption(
      new Option('--size <bytes>', 'payload of a datagram; 40 at least').default(100).argParser(whole(40, LARGEST)),
    )
    .addOption(new Option('--ttl <n>', 'TTL or hop limit').default(16).argParser(whole(0, 255)));
}

function maxLoss(description: string): Option {
  return new Option('--max-loss <limit>', description).argParser((text): LossLimit => {
    const limit = parseLossLimit(text);
    if (limit === undefined) throw new InvalidArgumentError('write a number of datagrams, or a share such as 0.5%');
    return limit;
  });
}
