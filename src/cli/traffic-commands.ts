/** The commands that send and count test datagrams, and their options. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LossLimit, parseLossLimit } from '../probe/limits.ts';
import { LARGEST } from '../probe/own-datagrams.ts';
import { address, duration, withOutput } from './options.ts';
import type { GlobalOptions } from './terminal.ts';
import { positive, whole } from './traffic.ts';

const FORMATS = ['text', 'json', 'jsonl'];
const MOST = 2 ** 31;

/** Adds `send` and `receive`. */
export function addTrafficCommands(
  program: Command,
  globals: () => GlobalOptions,
  finish: (status: Promise<number>) => Promise<void>,
): void {
  withOutput(
    withTest(program.command('send').summary('send test datagrams from this machine'))
      .description(
        'Sends test datagrams to groups from this machine until --count or --for is reached, or it is interrupted.',
      )
      .argument('<group...>', GROUPS)
      .option('--count <n>', 'datagrams for each group', whole(1, MOST))
      .option('--for <time>', 'how long: 10s, 5m', duration)
      .option('--interface <name>', 'where to send (default: by the routes)')
      .option('--source <address>', 'own address to send from', address),
    FORMATS,
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
      .option('--buffer <bytes>', 'receive buffer to ask for', whole(2048, MOST - 1)),
    FORMATS,
  )
    .addHelpText(
      'after',
      '\nExit status: 0 every group came, 1 nothing or too little came, 2 usage, 130 interrupted before --count or --for',
    )
    .action(async (groups, options) =>
      finish((await import('./commands/receive.ts')).receive(groups, options, globals())),
    );
}

const GROUPS = 'groups with ports: 239.1.2.3:5007, SOURCE@232.1.1.1:5007, [ff15::1]:5007';

/** `--rate --size --ttl`: what test datagrams are like. */
function withTest(command: Command): Command {
  return command
    .addOption(new Option('--rate <n>', 'datagrams a second for each group').default(10).argParser(positive(1_000_000)))
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
