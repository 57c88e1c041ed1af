import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandOf, expand } from '../../../src/lab/kubelet/environment.ts';
import { fieldOf } from '../../../src/lab/kubelet/field-ref.ts';
import { recipeOf } from '../../../src/lab/kubelet/image-recipes.ts';
import { mountTable, readOnlyBind } from '../../../src/lab/kubelet/mount-table.ts';
import { privilegesOf } from '../../../src/lab/kubelet/privileges.ts';
import { forbiddenSysctl } from '../../../src/lab/kubelet/sysctls.ts';
import type { KubeObject } from '../../../src/lab/object.ts';

const metadata = { name: 'p', namespace: 'n', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
const pod = (spec: object, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...metadata, ...more },
  spec,
});
const c = (more: object = {}) => ({ name: 'c', image: 'i', ...more });

describe('expand', () => {
  // Cases of third_party/forked/golang/expansion/expand_test.go.
  it.each([
    ['$(A)', 'a'],
    ['$(A)_$(B)', 'a_b'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$$', '$'],
    ['$(NONE)', '$(NONE)'],
    ['$(A', '$(A'],
    ['$A', '$A'],
    ['a$', 'a$'],
  ])('%s becomes %s', (text, expected) => {
    expect(expand(text, new Map(Object.entries({ A: 'a', B: 'b' })))).toBe(expected);
  });

  it('is not repeated', () => {
    expect(expand('$(A)', new Map([['A', '$(A)']]))).toBe('$(A)');
  });
});

it("takes the image's command where the pod gives none, and its arguments in place of that", () => {
  const none = new Map<string, string>();
  expect(commandOf(c(), ['sleep', '1'], none)).toEqual(['sleep', '1']);
  expect(commandOf(c({ args: ['a'] }), ['sleep', '1'], none)).toEqual(['a']);
  expect(commandOf(c({ command: ['x'], args: ['$(V)'] }), ['sleep'], new Map([['V', 'v']]))).toEqual(['x', 'v']);
});

describe('the downward API', () => {
  const late = { hostIP: '1.1.1.1', podIPs: ['2.2.2.2', '::2'] };
  it.each([
    ['metadata.name', 'p'],
    ["metadata.labels['a/b']", 'x"y'],
    ["metadata.annotations['none']", ''],
    ['metadata.labels', 'a/b="x\\"y"\nz="1"'],
    ['status.podIPs', '2.2.2.2,::2'],
    ['status.hostIP', '1.1.1.1'],
    ['spec.unknown', undefined],
  ])('%s', (path, expected) => {
    expect(fieldOf(pod({}, { labels: { z: '1', 'a/b': 'x"y' } }), path, late)).toBe(expected);
  });
});

describe('the mount table', () => {
  it('keeps every path whole', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const line = mountTable([{ from: `/${name}`, at: '/x', options: ['rbind', 'ro'] }]).slice(0, -1);
        const [from = '', ...rest] = line.split(' ');
        expect(rest).toEqual(['/x', 'none', 'rbind,ro', '0', '0']);
        expect(from).not.toMatch(/[ \t\n]/);
        const octal = (_: string, code: string) => String.fromCharCode(Number.parseInt(code, 8));
        expect(from.replace(/\\(\d{3})/g, octal)).toBe(`/${name}`);
      }),
    );
  });

  it('keeps the flags of the mount that a path is in', () => {
    const mountinfo = [
      '20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw',
      '21 20 8:2 / /usr rw,nosuid,nodev,noatime - ext4 /dev/sda2 rw',
      '22 20 8:3 / /usr/my\\040dir rw,noexec - ext4 /dev/sda3 rw',
    ].join('\n');
    expect(readOnlyBind('/usr/lib', mountinfo)).toEqual(['rbind', 'ro', 'nosuid', 'nodev', 'noatime']);
    expect(readOnlyBind('/usrx', mountinfo)).toEqual(['rbind', 'ro', 'relatime']);
    expect(readOnlyBind('/usr/my dir/x', mountinfo)).toEqual(['rbind', 'ro', 'noexec']);
    expect(readOnlyBind('/usr', '')).toEqual(['rbind', 'ro']);
  });
});

describe('privileges', () => {
  const of = (own: object, all: object = {}, many = true) =>
    privilegesOf(pod({ securityContext: all }), c({ securityContext: own }), many);

  it('are those of the container before those of the pod', () => {
    const { arguments: said } = of(
      { runAsUser: 5 },
      { runAsUser: 6, runAsGroup: 7, supplementalGroups: [8], fsGroup: 8 },
    );
    expect(said.slice(0, 3)).toEqual(['--reuid=5', '--regid=7', '--groups=8']);
  });

  it('drop and add capabilities', () => {
    const set = (capabilities: object) => of({ capabilities }).arguments.find((word) => word.startsWith('--bounding'));
    expect(set({ drop: ['ALL'], add: ['NET_RAW', 'CAP_NET_ADMIN', 'NOSUCH'] })).toBe(
      '--bounding-set=-all,+net_raw,+net_admin',
    );
    expect(set({ drop: ['ALL'] })).toBe('--bounding-set=-all');
    expect(set({ drop: ['CHOWN'] })).not.toContain('chown,');
    expect(set({ add: ['ALL'] })).toContain('+sys_admin');
  });

  it('are all of the machine for a privileged container', () => {
    expect(of({ privileged: true }).arguments).toEqual(['--reuid=0', '--regid=0', '--clear-groups']);
  });

  it('are none for another user where root is the only one', () => {
    const alone = of({ runAsUser: 1000 }, {}, false);
    expect(alone).toMatchObject({ uid: 0, userUnavailable: 1000 });
    expect(alone.arguments).toEqual(['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all']);
  });

  it.each([
    [{ runAsNonRoot: true }, {}, 'container has runAsNonRoot and image will run as root (pod: "p_n(u)", container: c)'],
    [
      { runAsUser: 0 },
      { runAsNonRoot: true },
      `container's runAsUser breaks non-root policy (pod: "p_n(u)", container: c)`,
    ],
  ])('refuse root to %o %o', (own, all, message) => {
    expect(() => of(own, all)).toThrow(message);
    expect(of({ runAsUser: 1, runAsNonRoot: true }).uid).toBe(1);
  });
});

it('allows sysctls that are safe, and those that the operator allows', () => {
  const sysctls = (...names: string[]) =>
    pod({ securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) } });
  expect(forbiddenSysctl(sysctls('net.ipv4.tcp_syncookies'), [])).toBeUndefined();
  expect(forbiddenSysctl(pod({}), [])).toBeUndefined();
  const unsafe = sysctls('net.ipv4.tcp_syncookies', 'net.ipv4.conf.all.rp_filter');
  expect(forbiddenSysctl(unsafe, ['net.ipv4.*'])).toBeUndefined();
  expect(forbiddenSysctl(unsafe, ['net.ipv4.conf'])).toBe(
    'forbidden sysctl: "net.ipv4.conf.all.rp_filter" not allowlisted',
  );
});

it('knows the images of the lab by name and tag', () => {
  expect(recipeOf('lab/distroless:1')?.programs).toEqual(['sleep']);
  expect(recipeOf('docker.io/lab/app:1')?.programs).toBe('all');
  expect(recipeOf('lab/app')).toBeUndefined();
  expect(recipeOf('constructor')).toBeUndefined();
});
