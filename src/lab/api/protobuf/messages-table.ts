import { MESSAGES } from './messages.ts';

export interface Field {
  /** '' for a message whose fields are the outer's. */
  readonly name: string;
  readonly type: string;
  readonly mark: string;
}

/** Fields by their numbers. */
export type Message = ReadonlyMap<number, Field>;

export const TABLE: ReadonlyMap<string, Message> = new Map(MESSAGES.trim().split('\n').map(parseLine));

/** Names in the table for what an apiVersion holds. */
const PACKAGES: Readonly<Record<string, string>> = {
  v1: 'core',
  'apps/v1': 'apps',
  'batch/v1': 'batch',
  'rbac.authorization.k8s.io/v1': 'rbac',
  'authentication.k8s.io/v1': 'authn',
  'authorization.k8s.io/v1': 'authz',
  'policy/v1': 'policy',
  'networking.k8s.io/v1': 'net',
  'autoscaling/v1': 'autoscaling',
};

/** The message of a kind; undefined for one that is not in the table. */
export function messageOf(apiVersion: string, kind: string): string | undefined {
  const name = kind === 'DeleteOptions' ? 'meta.DeleteOptions' : `${PACKAGES[apiVersion]}.${kind}`;
  return TABLE.has(name) ? name : undefined;
}

function parseLine(line: string): [string, Message] {
  const [name = '', ...fields] = line.split(' ');
  return [
    name,
    new Map(
      fields.map((text) => {
        const [, number, field = '', type = '', mark = ''] = /^(\d+)=(.*?):([\w.]+)([*%?]?)$/.exec(text) ?? [];
        return [Number(number), { name: field, type, mark }];
      }),
    ),
  ];
}
