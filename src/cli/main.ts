/** kmcast's entry: argv to exit status. Commands are imported when they are asked for, so that --help starts at once. */
import { Command, CommanderError } from 'commander';
import { FORMATS } from '../report/report.ts';
import { describeError } from './errors.ts';
import { EXIT } from './exit.ts';
import { withCluster, withLook, withOutput } from './options.ts';
import { registerConformance } from './register-conformance.ts';
import { registerLab } from './register-lab.ts';
import { registerWatch } from './register-watch.ts';
import { addTrafficCommands } from './traffic-commands.ts';
import { VERSION } from './version.ts';

const program = new Command('kmcast')
  .description('Why does this multicast stream not reach this pod, and what exactly do I change?')
  .version(VERSION)
  .option('-q, --quiet', 'no messages on stderr')
  .option('-v, --verbose', 'say more; stack traces')
  .option('--no-color', 'no colour (NO_COLOR is obeyed too)')
  .showSuggestionAfterError()
  .configureHelp({ showGlobalOptions: false })
  .exitOverride();

const TARGETS = 'pod/NAME[/CONTAINER], deploy/NAME (sts, ds, rs, job), node/NAME, nodes, local; none: the namespace';

withOutput(
  withLook(
    program
      .command('doctor')
      .summary('root cause and plan')
      .description('Finds why a group does not reach (or leave) its targets, and prints a plan that heals.'),
  ),
  FORMATS,
)
  .argument('[target...]', TARGETS)
  .option('-f, --filename <file...>', 'diagnose manifests in place of a cluster: files, folders, - for stdin')
  .option('--snapshot <file>', 'diagnose saved facts (of kmcast collect) in place of a cluster')
  .option('-w, --write <file>', 'also save the facts of this diagnosis, for --snapshot or a ticket')
  .addHelpText(
    'after',
    '\nExit status: 0 no error found, 1 root cause found, 2 usage, 3 no verdict, 130 interrupted\n(with -f: 0 no error in what the files say)\n\nExamples:\n  kmcast doctor pod/rx -n video --group 239.1.2.3:5007\n  helm template chart | kmcast doctor -f -',
  )
  .action(async (targets, options) =>
    finish((await import('./commands/doctor.ts')).doctor(targets, options, globals())),
  );

withOutput(
  withLook(program.command('routes').summary('interfaces, routes, memberships; where a join would go')),
  FORMATS,
)
  .argument('[target...]', TARGETS)
  .action(async (targets, options) =>
    finish((await import('./commands/routes.ts')).routes(targets, options, globals())),
  );

withLook(program.command('collect').summary('save the facts for later or for a ticket'))
  .argument('[target...]', TARGETS)
  .requiredOption('-w, --write <file>', 'snapshot file; - for stdout')
  .action(async (targets, options) =>
    finish((await import('./commands/collect.ts')).collectCommand(targets, options, globals())),
  );

addTrafficCommands(program, globals, finish);

registerWatch(program, TARGETS, globals, finish);

registerConformance(program, globals, finish);

registerLab(program, globals, finish);

program
  .command('explain')
  .summary('the documentation of a rule, offline')
  .argument('[rule]', 'rule name; none: the list')
  .action(async (rule) => finish((await import('./commands/explain.ts')).explain(rule, globals())));

withCluster(program.command('clean').summary('remove anything kmcast ever left in a cluster'))
  .option('--dry-run', 'only list it')
  .action(async (options) => finish((await import('./commands/clean.ts')).clean(options, globals())));

function globals(): { quiet: boolean; verbose: boolean; color: boolean } {
  const {
    quiet = false,
    verbose = false,
    color = true,
  } = program.opts<{ quiet?: boolean; verbose?: boolean; color?: boolean }>();
  return { quiet, verbose, color };
}

async function finish(command: Promise<number>): Promise<void> {
  const status = await command;
  // Watches and keep-alive sockets may still be open; everything that was created is gone, and all output is out.
  process.exit(status);
}

// A reader that went away (head, a closed pager) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  const { text, status } = describeError(error, globals().verbose);
  process.stderr.write(`${text}\n`);
  process.exit(status);
}
