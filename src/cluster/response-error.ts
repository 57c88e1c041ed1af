import { clean } from './clean.ts';
import { ClusterError } from './cluster.ts';
import { fields, items, parseJson, text } from './json.ts';
import { describePath, type Resource, resourceOf } from './resource.ts';

/** A request that the server answered with an error. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: string;
}

/** What the server said in its Status object (meta/v1 Status), cleaned. */
export interface ServerStatus {
  readonly message: string;
  readonly reason: string;
  /** The object that it is about, when it names one. */
  readonly name: string | undefined;
}

/** The words of an error answer: a Status object, or plain text from a proxy or the kubelet. */
export function serverStatus(body: string): ServerStatus {
  const status = fields(parseJson(body));
  const causes = items(fields(status.details).causes).map((cause) => text(fields(cause).message));
  const message =
    text(status.message) ?? (causes.find((cause) => cause !== undefined) || body.replace(/<[^>]*>/g, ' '));
  return {
    message: clean(message, 600),
    reason: clean(text(status.reason) ?? '', 80),
    name: text(fields(status.details).name),
  };
}

/** Maps an error answer, once for all callers. 404 and 401 are told more by those who know more (`near`, `because`). */
export function responseError(
  refusal: Refusal,
  more: { readonly near?: string; readonly because?: string | undefined } = {},
): ClusterError {
  const said = serverStatus(refusal.body);
  const it = resourceOf(refusal.path);
  const what = describePath(refusal.path);
  const failed = `${verbOf(refusal.method, it)} ${what} failed`;
  switch (refusal.status) {
    case 401:
      return new ClusterError(
        'unauthorized',
        `the API server does not accept these credentials (401)${more.because ? `: ${more.because}` : ''}`,
        'log in again, or renew the token or certificate of this context',
      );
    case 403:
      return forbidden(said.message, verbOf(refusal.method, it), what, it);
    case 404:
      return notFound(said, what, it, more.near ?? '');
    case 409:
      return new ClusterError(
        'conflict',
        `${failed}: ${said.message}`,
        'somebody else changed or made it in the meantime; try again',
      );
    case 400:
    case 422:
      return new ClusterError('invalid', `${failed}: ${said.message}`);
    case 429:
      return new ClusterError(
        'throttled',
        `${failed}: the API server is overloaded and asked to wait (429)`,
        'try again in a minute',
      );
    case 410:
      return new ClusterError('other', `${failed}: what was asked for is too old by now (410)`, 'try again');
    case 407:
      return new ClusterError(
        'unreachable',
        `${failed}: the proxy wants a user and password (407)`,
        'put them into the proxy URL',
      );
    default:
      return new ClusterError(
        'other',
        `${failed}: the API server answered ${refusal.status}${said.message === '' ? '' : `: ${said.message}`}`,
      );
  }
}

/** RBAC's verb of a request (Kubernetes, "Determine the Request Verb"). */
export function verbOf(method: string, it: Resource | undefined): string {
  if (method === 'POST') return 'create';
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return 'delete';
  return it !== undefined && it.name === undefined ? 'list' : 'get';
}

function forbidden(message: string, verb: string, what: string, it: Resource | undefined): ClusterError {
  const user = /User "([^"]*)" cannot (\S+) /.exec(message);
  if (user === null) {
    // Not a missing right but an admission check (Pod Security, a quota, a webhook): its words are the reason.
    const hint = /PodSecurity/.test(message)
      ? `the namespace enforces a Pod Security level: kubectl get namespace ${it?.namespace ?? ''} -o yaml`
      : undefined;
    return new ClusterError('forbidden', `${verb} ${what} was refused: ${message}`, hint);
  }
  const asked = user[2] ?? verb;
  const scope = message.includes('at the cluster scope') ? ' at the cluster scope' : '';
  return new ClusterError(
    'forbidden',
    `${asked} ${what} is forbidden${scope} for user "${user[1]}"`,
    forbiddenHint(asked, it),
  );
}

/** How to check the right that is missing. */
export function forbiddenHint(
  verb: string,
  it: Pick<Resource, 'resource' | 'group' | 'namespace' | 'subresource'> | undefined,
): string {
  if (it === undefined) return 'ask for the right to read it';
  if (verb === 'get' && (it.subresource === 'exec' || it.subresource === 'attach')) {
    // The upgrade to a WebSocket is a GET. kubectl falls back to SPDY by POST, which asks for create alone.
    return `kmcast needs the verb get on ${it.resource}/${it.subresource}, besides create: have the role say verbs: ["get", "create"]`;
  }
  const kind = `${it.resource}${it.group === '' ? '' : `.${it.group}`}`;
  const sub = it.subresource === undefined ? '' : ` --subresource=${it.subresource}`;
  return `ask for a role that allows it; check with: kubectl auth can-i ${verb} ${kind}${sub}${it.namespace === undefined ? '' : ` -n ${it.namespace}`}`;
}

function notFound(said: ServerStatus, what: string, it: Resource | undefined, near: string): ClusterError {
  // The server names the object that is missing; when the kind itself is unknown it has none to name.
  if (it !== undefined && said.name === undefined && it.subresource === undefined) {
    const kind = `${it.resource}${it.group === '' ? '' : `.${it.group}`}/${it.version}`;
    return new ClusterError(
      'not-found',
      `the cluster does not know ${clean(kind, 200)}`,
      'its CustomResourceDefinition or API is not installed, or in another version',
    );
  }
  // A subresource is always there; what is missing is its object.
  const object = it === undefined ? what : describePath(`${it.collection}/${encodeURIComponent(it.name ?? '')}`);
  return new ClusterError('not-found', `${object} not found${near}`);
}
