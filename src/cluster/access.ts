import { clean } from './clean.ts';
import type { Access } from './cluster.ts';
import { fields, text } from './json.ts';
import { type Api, request } from './request.ts';

export interface Permission {
  readonly allowed: boolean;
  readonly reason: string;
}

/**
 * Asks the server what this user may do, once for each question. When it does not answer that (very restricted users, old
 * or exotic servers), everything counts as allowed: the act itself will tell.
 */
export class Permissions {
  readonly #api: Api;
  readonly #known = new Map<string, Promise<Permission>>();
  #user: Promise<string> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  can(access: Access): Promise<Permission> {
    const key = JSON.stringify([
      access.verb,
      access.group,
      access.resource,
      access.subresource,
      access.namespace,
      access.name,
    ]);
    const known = this.#known.get(key) ?? this.#review(access);
    this.#known.set(key, known);
    return known;
  }

  async #review(access: Access): Promise<Permission> {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: access },
    };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    let status: Readonly<Record<string, unknown>>;
    try {
      status = fields(fields(await request(this.#api, { method: 'POST', path, body: review })).status);
    } catch (error) {
      const why = clean(error instanceof Error ? error.message : String(error));
      return { allowed: true, reason: `not known beforehand: ${why}` };
    }
    if (status.allowed === true) return { allowed: true, reason: '' };
    return { allowed: false, reason: `${describeAccess(access)}${await this.#whoami()}` };
  }

  /** ` for user "bob"` (SelfSubjectReview, Kubernetes 1.28), or nothing on servers that do not know it. */
  #whoami(): Promise<string> {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    this.#user ??= request(this.#api, {
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: review,
    })
      .then((answer) => text(fields(fields(fields(answer).status).userInfo).username))
      .then((name) => (name === undefined ? '' : ` for user "${clean(name, 120)}"`))
      .catch(() => '');
    return this.#user;
  }
}

/** `create pods/exec is forbidden in namespace video`. */
export function describeAccess(access: Access): string {
  const kind = `${access.resource}${access.subresource === undefined ? '' : `/${access.subresource}`}`;
  const name = access.name === undefined ? '' : ` ${access.name}`;
  return clean(
    `${access.verb} ${kind}${name} is forbidden${access.namespace === undefined ? '' : ` in namespace ${access.namespace}`}`,
  );
}
