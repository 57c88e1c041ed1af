import { clean } from './clean.ts';
import type { ExecEnd } from './cluster.ts';
import { fields, items, text } from './json.ts';

/** What container runtimes say when a program could not be started (runc and crun behind containerd, CRI-O, dockershim). */
const NOT_STARTED =
  /OCI runtime exec failed|executable file .*not found|unable to start container process|exec format error|failed to (start|create) exec|container (is )?not (found|running|created)|cannot exec in|container not found|unable to upgrade connection/i;

/**
 * Reads the status that ends an exec (meta/v1 Status on channel 3, Kubernetes remotecommand v4 and v5).
 * @param heard the beginning of what the command wrote: some runtimes say there, with status 126 or 127, that they could not start it.
 */
export function execEnd(status: unknown, heard: string): ExecEnd {
  const said = fields(status);
  const message = clean(text(said.message) ?? '', 600);
  if (said.status === 'Success') return { kind: 'exited', code: 0 };
  const causes = items(fields(said.details).causes).map(fields);
  const code = Number(causes.find((cause) => cause.reason === 'ExitCode')?.message ?? Number.NaN);
  if (Number.isInteger(code)) {
    if (
      (code === 126 || code === 127 || code === 255) &&
      /OCI runtime exec failed|unable to start container process/.test(heard)
    ) {
      return { kind: 'not-started', message: reason(clean(heard, 600)) };
    }
    return { kind: 'exited', code, ...(message === '' ? {} : { message }) };
  }
  if (message === '') return { kind: 'interrupted', message: 'the server ended the command without saying how' };
  return heard !== '' && !NOT_STARTED.test(message)
    ? { kind: 'interrupted', message }
    : { kind: 'not-started', message: reason(message) };
}

/** The part of a runtime's message that says something: without the layers it came through and the exec's id. */
export function reason(message: string): string {
  const absent = /container not found \("([^"]*)"\)/.exec(message);
  if (absent !== null) return `container ${absent[1]} is not running`;
  const inner =
    /unable to start container process: (.*)$/.exec(message)?.[1] ??
    message.replace(/^(Internal error occurred: )+/, '');
  return inner.replace(/: unknown$/, '');
}
