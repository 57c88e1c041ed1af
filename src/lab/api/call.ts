import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PodRuntime } from '../pod-runtime.ts';
import type { Resource } from '../store/resources.ts';
import type { Store } from '../store.ts';
import type { Tokens } from './auth/tokens.ts';
import type { User } from './auth/user.ts';
import type { ChangeLog } from './change-log.ts';
import type { AppliedFiles } from './patch/apply.ts';
import type { ResourcePath } from './request-path.ts';
import type { ResourceIndex } from './resource-index.ts';

/** What all requests share. */
export interface Context {
  readonly store: Store;
  readonly runtime: PodRuntime;
  readonly log: ChangeLog;
  readonly index: ResourceIndex;
  readonly tokens: Tokens;
  readonly applied: AppliedFiles;
}

/** A request to a resource, by someone who may make it. */
export interface Call {
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly path: ResourcePath;
  readonly resource: Resource;
  /** RBAC's word: get, list, watch, create … */
  readonly verb: string;
}

export function isDryRun({ query }: Call): boolean {
  return query.get('dryRun') === 'All';
}
