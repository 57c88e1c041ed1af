import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { StatusError } from '../../store.ts';
import type { Tokens } from './tokens.ts';
import { AUTHENTICATED, type User } from './user.ts';

/** Whose request it is: by a client certificate of the lab's authority (CN the name, O the groups), or by a token. Throws StatusError 401. */
export function authenticate(request: IncomingMessage, tokens: Tokens): User {
  const user = byCertificate(request) ?? byToken(request, tokens);
  if (user === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  return user;
}

function byCertificate({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  if (subject?.CN === undefined) return undefined;
  const organizations: string | string[] = subject.O ?? [];
  return { username: String(subject.CN), groups: [...[organizations].flat(), AUTHENTICATED] };
}

function byToken(request: IncomingMessage, tokens: Tokens): User | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token === undefined ? undefined : tokens.check(token);
}
