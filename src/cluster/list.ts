import { ClusterError } from './cluster.ts';
import { fields, items, parseJson, text } from './json.ts';
import { type Api, checked, type Query } from './request.ts';

const PAGE = '500';
/** A list that expires this often never ends. */
const BEGINNINGS = 3;

/**
 * All items of a list, page by page (Kubernetes API concepts, "Retrieving large results sets in chunks"). When the server
 * forgot where it was (410 Gone), all begins again. Items get the list's `apiVersion` and `kind`, which the server leaves out.
 * Throws ClusterError.
 */
export async function listAll(api: Api, path: string, query: Query): Promise<unknown[]> {
  for (let beginning = 0; beginning < BEGINNINGS; beginning++) {
    const all = await pages(api, path, query);
    if (all !== undefined) return all;
  }
  throw new ClusterError(
    'other',
    `the list of ${path} expired ${BEGINNINGS} times before its end (410)`,
    'the API server is very slow; try again',
  );
}

async function pages(api: Api, path: string, query: Query): Promise<unknown[] | undefined> {
  const all: unknown[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const answer = await checked(
      api,
      { method: 'GET', path, query: { limit: PAGE, ...query, ...(token === '' ? {} : { continue: token }) } },
      token === '' ? [] : [410],
    );
    if (answer.status === 410) return undefined;
    const list = parseJson(answer.body);
    if (!Array.isArray(fields(list).items)) throw new ClusterError('other', `${path} is not a list`);
    all.push(...page(fields(list)));
    token = text(fields(fields(list).metadata).continue);
  }
  return all;
}

function page(list: Readonly<Record<string, unknown>>): unknown[] {
  const apiVersion = text(list.apiVersion);
  const kind = text(list.kind)?.replace(/List$/, '');
  return items(list.items).map((item) => ({ ...(apiVersion && kind ? { apiVersion, kind } : {}), ...fields(item) }));
}
