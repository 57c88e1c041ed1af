import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { KubeObject } from '../../object.ts';
import type { Store } from '../../store.ts';
import { AUTHENTICATED, type User } from './user.ts';

export const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

export interface TokenOptions {
  readonly seconds: number;
  readonly audiences?: readonly string[];
  /** The pod that it dies with. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

interface Bound {
  readonly name: string;
  readonly uid: string;
}

interface Claims {
  readonly sub: string;
  readonly aud: readonly string[];
  readonly exp: number;
  readonly jti: string;
  readonly 'kubernetes.io': { readonly namespace: string; readonly serviceaccount: Bound; readonly pod?: Bound };
}

/** Tokens of service accounts: JSON Web Tokens (RFC 7519) that only this server can sign and check. */
export class Tokens {
  readonly #store: Store;
  readonly #secret = randomBytes(32);

  constructor(store: Store) {
    this.#store = store;
  }

  issue(account: KubeObject, { seconds, audiences = [AUDIENCE], pod }: TokenOptions): string {
    const { namespace = '', name, uid } = account.metadata;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      aud: audiences,
      exp: now + seconds,
      iat: now,
      nbf: now,
      iss: AUDIENCE,
      jti: randomUUID(),
      sub: `system:serviceaccount:${namespace}:${name}`,
      'kubernetes.io': { namespace, serviceaccount: { name, uid }, ...(pod === undefined ? {} : { pod }) },
    };
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${this.#sign(signed)}`;
  }

  /** Whose the token is; undefined for a wrong one, an expired one, or one whose account or pod is gone. */
  check(token: string): User | undefined {
    const claims = this.#claims(token);
    if (claims === undefined || claims.exp * 1000 < Date.now() || !claims.aud.includes(AUDIENCE)) return undefined;
    const { namespace, serviceaccount, pod } = claims['kubernetes.io'];
    if (!this.#exists('serviceaccounts', namespace, serviceaccount)) return undefined;
    if (pod !== undefined && !this.#exists('pods', namespace, pod)) return undefined;
    return {
      username: claims.sub,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED],
      extra: {
        'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
        ...(pod === undefined ? {} : { 'authentication.kubernetes.io/pod-name': [pod.name] }),
      },
    };
  }

  #claims(token: string): Claims | undefined {
    const [header = '', body = '', signature = ''] = token.split('.');
    const expected = Buffer.from(this.#sign(`${header}.${body}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString());
  }

  #exists(resource: string, namespace: string, { name, uid }: Bound): boolean {
    return this.#store.get(resource, namespace, name)?.metadata.uid === uid;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
