/** The commands of the embedded cluster, as commander knows them. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isLabName } from '../lab/host/shape.ts';
import { withOutput } from './options.ts';
import type { GlobalOptions } from './terminal.ts';

const NAME_HELP = 'the lab (default: lab)';

/** @param finish runs a command to its exit status */
export function registerLab(
  program: Command,
  globals: () => GlobalOptions,
  finish: (command: Promise<number>) => Promise<void>,
): void {
  const lab = program
    .command('lab')
    .summary('an embedded cluster on this machine, to try and to drill')
    .description(
      'A cluster made of network namespaces of this machine: nodes, pods, two LANs, a host outside that sends a stream. Linux; as root or as an ordinary user.',
    );

  const named = (command: Command): Command =>
    command.argument('[name]', NAME_HELP, labName).option('--name <name>', 'the same as the argument', labName);

  named(lab.command('up').summary('make it: nodes, networks, a stream and its receiver'))
    .option('--nodes <n>', 'how many nodes (1 to 9)', nodeCount, 2)
    .addOption(
      new Option('--pod-network <kind>', 'what carries the pods: routes (no multicast), one flat segment, a vxlan')
        .choices(['none', 'flat', 'overlay'])
        .default('overlay'),
    )
    .addOption(new Option('--empty', 'without the stream and its receiver').conflicts('fault'))
    .option('--fault <name>', 'broken from the start: one that kmcast lab faults lists')
    .addHelpText(
      'after',
      '\nExit status: 0 it is up, 2 usage, 3 it cannot be here, 130 interrupted\n\nExample:\n  kmcast lab up && eval "$(kmcast lab env)"',
    )
    .action(async (name, options) =>
      finish(
        (await import('./commands/lab-up.ts')).labUpCommand({ ...options, name: name ?? options.name }, globals()),
      ),
    );

  named(lab.command('down').summary('end it, and remove everything it made'))
    .option('--all', 'all labs of this user')
    .action(async (name, options) =>
      finish((await import('./commands/lab-down.ts')).labDownCommand(name ?? options.name, globals(), options)),
    );

  withOutput(named(lab.command('status').summary('what it is made of, and whether it is up')), ['text', 'json'])
    .addHelpText('after', '\nExit status: 0 it is up, 1 it is not, 2 usage')
    .action(async (name, options) =>
      finish((await import('./commands/lab-status.ts')).labStatus(name ?? options.name, options, globals())),
    );

  withOutput(lab.command('list').summary('the labs of this user'), ['text', 'json']).action(async (options) =>
    finish((await import('./commands/lab-status.ts')).labList(options, globals())),
  );

  withOutput(lab.command('faults').summary('what it can be broken with'), ['text', 'json']).action(async (options) =>
    finish((await import('./commands/lab-break.ts')).labFaults(options.output, globals())),
  );

  lab
    .command('break')
    .summary('break it: one of the faults')
    .argument('<fault>', 'a name that kmcast lab faults lists')
    .option('--name <name>', NAME_HELP, labName)
    .action(async (fault, options) =>
      finish((await import('./commands/lab-break.ts')).labBreak(fault, options.name, globals())),
    );

  named(lab.command('heal').summary('all is well again, whatever was done')).action(async (name, options) =>
    finish((await import('./commands/lab-break.ts')).labHeal(name ?? options.name, globals())),
  );

  named(lab.command('drill').summary('break it by chance, say only what does not work, and take the time'))
    .addOption(new Option('--fault <name>', 'this fault').conflicts(['seed', 'check']))
    .addOption(new Option('--seed <n>', 'the fault of an earlier drill').argParser(seedNumber).conflicts('check'))
    .option('--check', 'of the drill that goes on: does the stream arrive?')
    .addHelpText(
      'after',
      '\nExit status: 0 healed (or begun, without a terminal), 1 not healed, 2 usage, 3 there can be no lab here',
    )
    .action(async (name, options) =>
      finish((await import('./commands/lab-drill.ts')).labDrill({ ...options, name: name ?? options.name }, globals())),
    );

  lab
    .command('demo')
    .summary('an incident in half a minute: doctor, discover-source, the fix, probe')
    .description(
      'Makes a lab, breaks it, and finds and heals what is wrong, by commands that are printed before they run. Nothing is left.',
    )
    .option('--keep', 'leave the lab up, to play with')
    .addHelpText('after', '\nExit status: 0 all went as told, 3 there can be no lab here, 130 interrupted')
    .action(async (options) => finish((await import('./commands/lab-demo.ts')).labDemo(options, globals())));

  lab
    .command('kubectl', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words) => finish((await import('./commands/lab-demo.ts')).labKubectl(words, globals())));

  lab
    .command('exec')
    .summary('run a command as one of its machines: node1, outside; or in a pod: pod/NAME')
    .argument('<place>', 'node1, node2 …, outside, lan (the switches), pod/NAME[/CONTAINER]')
    .argument('[command...]', 'after --; none: a shell')
    .option('--name <name>', NAME_HELP, labName)
    .option('-n, --namespace <name>', 'of the pod', 'default')
    .addHelpText(
      'after',
      '\nExit status: that of the command; 3 when it cannot be run\n\nExamples:\n  kmcast lab exec node1 -- ip maddr show dev eth1\n  kmcast lab exec outside -- tcpdump -ni eth1 igmp',
    )
    .action(async (place, command, options) =>
      finish((await import('./commands/lab-exec.ts')).labExec(place, command, options)),
    );

  named(lab.command('kubeconfig').summary("print the path of the lab's kubeconfig")).action(async (name, options) =>
    finish((await import('./commands/lab-env.ts')).labKubeconfig(name ?? options.name, globals())),
  );

  named(lab.command('env').summary('print what a shell sets to use it: eval "$(kmcast lab env)"')).action(
    async (name, options) => finish((await import('./commands/lab-env.ts')).labEnv(name ?? options.name, globals())),
  );

  lab
    .command('serve', { hidden: true })
    .argument('<folder>')
    .argument('<shape>')
    .action(async (folder, shape) => (await import('../lab/host/daemon.ts')).serve(folder, JSON.parse(shape)));
}

function labName(text: string): string {
  if (isLabName(text)) return text;
  throw new InvalidArgumentError('write at most 30 of a-z, 0-9 and -');
}

function nodeCount(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write a number from 1 to 9');
}

function seedNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write a whole number');
}
