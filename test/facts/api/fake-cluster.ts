/** An API server made of paths and what is there; what is not there is not found, and what is an error is thrown. */
import { type Cluster, ClusterError, type ExecRequest } from '../../../src/cluster/cluster.ts';

/** By path, for lists also `PATH?KEY=VALUE`: an object, a list of items, or the error. */
export type Answers = Readonly<Record<string, unknown>>;

export interface FakeCluster extends Cluster {
  /** Paths asked for, in order. */
  readonly asked: string[];
}

export function forbidden(what: string): ClusterError {
  return new ClusterError('forbidden', `${what} is forbidden`);
}

/** @param run what a command in a container says; `undefined`: it ends with status 1. */
export function fakeCluster(answers: Answers, run?: (request: ExecRequest) => string | undefined): FakeCluster {
  const asked: string[] = [];
  const answer = async (path: string, query: Readonly<Record<string, string>> = {}) => {
    const key = [path, ...Object.entries(query).map((pair) => pair.join('='))].join('?');
    asked.push(key);
    const found = key in answers ? answers[key] : answers[path];
    if (found instanceof Error) throw found;
    if (found === undefined) throw new ClusterError('not-found', `${path} does not exist`);
    return found;
  };
  const never = () => Promise.reject(new Error('facts are only read'));
  return {
    asked,
    context: 'test',
    namespace: 'video',
    server: 'https://192.0.2.1:6443',
    get: answer as Cluster['get'],
    list: answer as Cluster['list'],
    text: never,
    create: never,
    patch: never,
    delete: never,
    watch: never,
    can: async () => ({ allowed: true, reason: '' }),
    exec: async (request) => {
      const said = run?.(request);
      if (said === undefined) request.onStderr?.(Buffer.from('Error: no such thing\nmore\n'));
      else await request.onStdout(Buffer.from(said));
      return { kind: 'exited', code: said === undefined ? 1 : 0 };
    },
  };
}
