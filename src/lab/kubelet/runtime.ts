/** exec, attach and logs of the pods of all kubelets. */
import { PassThrough, type Readable } from 'node:stream';
import type { ContainerProcess, ExecRequest, LogRequest, PodRuntime } from '../pod-runtime.ts';
import { StatusError } from '../store.ts';
import type { ContainerKeeper } from './container-keeper.ts';
import { execIn } from './exec.ts';
import type { Kubelet } from './kubelet.ts';
import { readLog } from './log-reader.ts';
import type { CreatedContainer } from './start-container.ts';

type Named = Pick<ExecRequest, 'namespace' | 'pod' | 'container'>;

export function podRuntime(kubelets: readonly Kubelet[]): PodRuntime {
  return {
    async exec(request) {
      const { stdin, stdout, stderr, ended } = await execIn(running(keeperOf(kubelets, request)), request);
      if (request.tty) stderr.resume();
      return {
        ...(stdin && { stdin }),
        stdout,
        ...(!request.tty && { stderr }),
        ended: ended.then(({ code }) => code),
        release() {
          stdin?.end();
          stdout.destroy();
          stderr.destroy();
        },
      };
    },
    async attach(request) {
      const keeper = keeperOf(kubelets, request);
      return attachTo(keeper, running(keeper), request);
    },
    async logs(request) {
      return logsOf(keeperOf(kubelets, request), request);
    },
  };
}

function attachTo(
  keeper: ContainerKeeper,
  { process }: CreatedContainer,
  request: Omit<ExecRequest, 'command'>,
): ContainerProcess {
  const copy = (source: Readable) => {
    const out = new PassThrough();
    source.pipe(out);
    out.on('close', () => {
      source.unpipe(out);
      // Without a pipe it would pause, and the log with it.
      source.resume();
    });
    return out;
  };
  const stdout = copy(process.stdout);
  const stderr = request.tty ? undefined : copy(process.stderr);
  const stdin = request.stdin && process.stdin ? new PassThrough() : undefined;
  stdin?.pipe(process.stdin!, { end: keeper.spec.stdinOnce === true });
  process.stdin?.on('error', () => {});
  return {
    ...(stdin && { stdin }),
    stdout,
    ...(stderr && { stderr }),
    ended: process.ended.then(({ code }) => code),
    release() {
      stdin?.end();
      stdout.destroy();
      stderr?.destroy();
    },
  };
}

function logsOf(keeper: ContainerKeeper, request: LogRequest): Readable {
  const { logs, status } = keeper;
  // What waits to be restarted has ended; what runs or has just ended was started once more.
  const previous = 'waiting' in status.state ? logs.length - 1 : logs.length - 2;
  if (request.previous) {
    const log = logs[previous];
    if (log !== undefined) return readLog(log, request);
    const message = `previous terminated container "${status.name}" in pod "${request.pod}" not found`;
    throw new StatusError(400, 'BadRequest', message);
  }
  const log = logs.at(-1);
  if (log !== undefined) return readLog(log, request);
  if ('waiting' in status.state) {
    const { reason } = status.state.waiting;
    const message = `container "${status.name}" in pod "${request.pod}" is waiting to start: ${reason}`;
    throw new StatusError(400, 'BadRequest', message);
  }
  throw new StatusError(500, 'InternalError', `Internal error occurred: no log of container "${status.name}"`);
}

function running(keeper: ContainerKeeper): CreatedContainer {
  if (keeper.current !== undefined) return keeper.current;
  const message = `Internal error occurred: unable to upgrade connection: container not found ("${keeper.status.name}")`;
  throw new StatusError(500, 'InternalError', message);
}

/** The first container when none is named. */
function keeperOf(kubelets: readonly Kubelet[], { namespace, pod, container }: Named): ContainerKeeper {
  const worker = kubelets.map((kubelet) => kubelet.pod(namespace, pod)).find((found) => found !== undefined);
  if (worker === undefined) {
    throw new StatusError(404, 'NotFound', `pods "${pod}" not found`, { name: pod, kind: 'pods' });
  }
  const { containers } = worker;
  const keeper = container === undefined ? containers.main[0] : containers.find(container);
  if (keeper === undefined) {
    throw new StatusError(400, 'BadRequest', `container ${container} is not valid for pod ${pod}`);
  }
  return keeper;
}
