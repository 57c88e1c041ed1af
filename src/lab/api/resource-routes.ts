import { badRequest } from '../store/errors.ts';
import type { Call } from './call.ts';
import type { Answer } from './http/answer.ts';
import { methodNotAllowed, noSuchResource } from './http/status.ts';
import { log } from './subresource/log.ts';
import { bind, evict } from './subresource/pod-actions.ts';
import { scale } from './subresource/scale.ts';
import { token } from './subresource/token.ts';
import { create } from './verb/create.ts';
import { patch } from './verb/patch.ts';
import * as read from './verb/read.ts';
import { remove, removeAll } from './verb/remove.ts';
import { update } from './verb/update.ts';
import { watch } from './verb/watch.ts';

type Handler = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

const VERBS: Readonly<Record<string, Handler>> = {
  get: read.get,
  list: read.list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeAll,
};

/** Parts of an object that are read and changed as objects are. */
const PARTS: Readonly<Record<string, Handler>> = { get: read.get, update, patch };

const SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: PARTS,
  ephemeralcontainers: PARTS,
  finalize: { update },
  scale: { get: scale, update: scale, patch: scale },
  log: { get: log },
  exec: { get: withoutUpgrade, create: withoutUpgrade },
  attach: { get: withoutUpgrade, create: withoutUpgrade },
  eviction: { create: evict },
  binding: { create: bind },
  token: { create: token },
};

/** The answer, or nothing where the handler writes it itself. Throws StatusError. */
export async function serveResource(call: Call): Promise<Answer | undefined> {
  const { subresource } = call.path;
  if (subresource === undefined) return handlerOf(VERBS, call.verb)(call);
  const handlers = call.resource.subresources.includes(subresource) ? SUBRESOURCES[subresource] : undefined;
  if (handlers === undefined) throw noSuchResource();
  return handlerOf(handlers, call.verb)(call);
}

function handlerOf(handlers: Readonly<Record<string, Handler>>, verb: string): Handler {
  const handler = handlers[verb];
  if (handler === undefined) throw methodNotAllowed();
  return handler;
}

/** Reached only by a client that did not ask for a WebSocket: the others come as upgrades. */
function withoutUpgrade(): never {
  throw badRequest('unable to upgrade: the lab speaks WebSocket only (kubectl 1.31 or newer)');
}
