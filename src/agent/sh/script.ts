/** A job as a shell script: calls of the functions in agent.sh, since a shell cannot read JSON. */
import type { Mode } from '../bootstrap.ts';
import { programs } from '../programs.ts';
import type { Enter, ObserveJob, Phase, Place, Reads } from '../protocol.ts';
import { quote, quotePattern } from './quote.ts';

/** The script for this job. Text that the job carries is quoted; `token` begins every frame of its output. */
export function shellScript(job: ObserveJob, mode: Mode, token: string): string {
  return [
    `TOKEN=${quote(token)} MODE=${quote(mode)} LIBRARY=${quote(programs().sh)}`,
    'export LIBRARY',
    'eval "$LIBRARY"',
    `agent ${Math.ceil(job.deadline)} ${quote(job.places.map((place) => placeCall(place, mode)).join('\n'))}`,
  ].join('\n');
}

function placeCall(place: Place, mode: Mode): string {
  const body = quote(placeBody(place));
  return entering(
    place.enter,
    mode,
    (pid) => `place ${quote(place.id)} ${pid} ${body}`,
    (error) => `refuse ${quote(place.id)} ${quote(error)}`,
  );
}

/** Calls for a namespace: with the pid of a process in it (`''` for where the shell is), or of why it cannot be entered. */
export function entering(
  enter: Enter,
  mode: Mode,
  run: (pid: string) => string,
  refuse: (error: string) => string,
): string {
  if (enter.kind === 'here') return run("''");
  if (mode !== 'node') return refuse("needs the node's process namespace, and this is a container's");
  if (enter.kind === 'node') return run('1');
  const missing = `no process and no sandbox of pod ${enter.namespace}/${enter.name} on this node`;
  return [
    `pid=$(find_pod ${[enter.uid, ...enter.containers].map(quote).join(' ')})`,
    `if [ -n "$pid" ]; then ${run('"$pid"')}; else ${refuse(missing)}; fi`,
  ].join('\n');
}

function placeBody(place: Place): string {
  const lines: string[] = [];
  if (place.reads) lines.push(...readCalls(place.reads, 'before', place));
  if (place.look) lines.push(`fail before look 'a shell cannot capture; needs python3'`);
  if (place.rereads) lines.push(...readCalls(place.rereads, 'after', place));
  if (place.join) lines.push(`fail after join 'a shell cannot join; needs python3'`);
  return lines.join('\n');
}

function readCalls(reads: Reads, phase: Phase, place: Place): string[] {
  const files = [...reads.files, ...(reads.fallback?.files ?? [])].map((path) => {
    if (path.startsWith('/sys/') && place.enter.kind !== 'here') {
      return `fail ${phase} ${quote(path)} 'sysfs here shows another network namespace'`;
    }
    return `files ${phase} ${quotePattern(path)}`;
  });
  const dumps = reads.netlink.map((dump) => `fail ${phase} ${quote(dump.name)} 'needs python3 or perl'`);
  const commands = [...reads.commands, ...(reads.fallback?.commands ?? [])].map(
    ({ name, root, argv }) => `program ${phase} ${quote(name)} ${root} ${argv.map(quote).join(' ')}`,
  );
  return [...files, ...dumps, ...(reads.owners ? ['owners'] : []), ...commands];
}
