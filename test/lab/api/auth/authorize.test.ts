import { beforeEach, describe, expect, it } from 'vitest';
import { authorize, refusal } from '../../../../src/lab/api/auth/authorize.ts';
import { Tokens } from '../../../../src/lab/api/auth/tokens.ts';
import { seed } from '../../../../src/lab/api/seed.ts';
import { createStore } from '../../../../src/lab/store/memory-store.ts';
import type { Store } from '../../../../src/lab/store.ts';

const RBAC = 'rbac.authorization.k8s.io';
const bot = {
  username: 'system:serviceaccount:default:bot',
  groups: ['system:serviceaccounts', 'system:authenticated'],
};

let store: Store;
beforeEach(() => {
  store = createStore();
  seed(store, 1);
});

describe('RBAC', () => {
  it('allows what a role of the namespace says, there and only there', () => {
    role([{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get'] }]);
    bind('Role');
    expect(may('get', 'pods')).toBe(true);
    expect(may('get', 'pods', { subresource: 'log' })).toBe(true);
    expect(may('get', 'pods', { subresource: 'exec' })).toBe(false);
    expect(may('delete', 'pods')).toBe(false);
    expect(may('get', 'pods', { namespace: 'kube-system' })).toBe(false);
    expect(may('get', 'pods', { namespace: undefined })).toBe(false);
    expect(may('get', 'pods', { group: 'metrics.k8s.io' })).toBe(false);
  });

  it('allows the named objects only', () => {
    role([{ apiGroups: [''], resources: ['pods'], verbs: ['*'], resourceNames: ['a'] }]);
    bind('Role');
    expect(may('get', 'pods', { name: 'a' })).toBe(true);
    expect(may('get', 'pods', { name: 'b' })).toBe(false);
    expect(may('list', 'pods')).toBe(false);
  });

  it('gathers what belongs to a role by labels', () => {
    bind('ClusterRole', 'view');
    expect(may('list', 'pods')).toBe(true);
    expect(may('get', 'secrets')).toBe(false);
    expect(may('list', 'network-attachment-definitions', { group: 'k8s.cni.cncf.io' })).toBe(false);
    store.create(`clusterroles.${RBAC}`, {
      metadata: { name: 'nads', labels: { [`${RBAC}/aggregate-to-view`]: 'true' } },
      rules: [{ apiGroups: ['k8s.cni.cncf.io'], resources: ['*'], verbs: ['list'] }],
    });
    expect(may('list', 'network-attachment-definitions', { group: 'k8s.cni.cncf.io' })).toBe(true);
  });

  it('lets everybody who signed in discover and ask for oneself, and masters do everything', () => {
    expect(authorize(store, bot, { verb: 'get', path: '/apis/apps/v1' }).allowed).toBe(true);
    expect(authorize(store, bot, { verb: 'get', path: '/metrics' }).allowed).toBe(false);
    expect(may('create', 'selfsubjectaccessreviews', { group: 'authorization.k8s.io', namespace: undefined })).toBe(
      true,
    );
    const master = { username: 'x', groups: ['system:masters'] };
    expect(authorize(store, master, { verb: 'delete', group: '', resource: 'nodes' }).allowed).toBe(true);
  });

  it('says who may not do what where, and which role is missing', () => {
    bind('Role', 'gone');
    const attributes = { verb: 'list', group: '', resource: 'pods', subresource: 'exec', namespace: 'default' };
    const { reason } = authorize(store, bot, attributes);
    expect(refusal(bot, attributes, reason)).toBe(
      'User "system:serviceaccount:default:bot" cannot list resource "pods/exec" in API group "" in the namespace "default": RBAC: role.rbac.authorization.k8s.io "gone" not found',
    );
    expect(refusal(bot, { ...attributes, namespace: undefined }, '')).toContain('at the cluster scope');
  });
});

describe('tokens', () => {
  it('are good for their account as long as it lives, and cannot be altered', () => {
    const account = store.create('serviceaccounts', { metadata: { name: 'bot', namespace: 'default' } });
    const tokens = new Tokens(store);
    const token = tokens.issue(account, { seconds: 600 });
    expect(tokens.check(token)?.username).toBe(bot.username);
    const [header, body = '', signature] = token.split('.');
    const forged = Buffer.from(body, 'base64url').toString().replaceAll(':bot', ':boss');
    expect(tokens.check([header, Buffer.from(forged).toString('base64url'), signature].join('.'))).toBeUndefined();
    expect(new Tokens(store).check(token)).toBeUndefined();
    expect(tokens.check('x')).toBeUndefined();
    store.remove('serviceaccounts', 'default', 'bot');
    store.create('serviceaccounts', { metadata: { name: 'bot', namespace: 'default' } });
    expect(tokens.check(token)).toBeUndefined();
  });

  it('end with their time, with their pod, and at other doors', () => {
    const account = store.create('serviceaccounts', { metadata: { name: 'bot', namespace: 'default' } });
    const { metadata } = store.create('pods', { metadata: { name: 'a', namespace: 'default' } });
    const tokens = new Tokens(store);
    expect(tokens.check(tokens.issue(account, { seconds: -1 }))).toBeUndefined();
    expect(tokens.check(tokens.issue(account, { seconds: 600, audiences: ['vault'] }))).toBeUndefined();
    const bound = tokens.issue(account, { seconds: 600, pod: { name: 'a', uid: metadata.uid } });
    expect(tokens.check(bound)).toBeDefined();
    store.remove('pods', 'default', 'a');
    expect(tokens.check(bound)).toBeUndefined();
  });
});

function role(rules: object[]): void {
  store.create(`roles.${RBAC}`, { metadata: { name: 'r', namespace: 'default' }, rules });
}

function bind(kind: string, name = 'r'): void {
  store.create(`rolebindings.${RBAC}`, {
    metadata: { name: 'b', namespace: 'default' },
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ kind: 'ServiceAccount', name: 'bot' }],
  });
}

function may(verb: string, resource: string, more: object = {}): boolean {
  return authorize(store, bot, { verb, group: '', resource, namespace: 'default', ...more }).allowed;
}
