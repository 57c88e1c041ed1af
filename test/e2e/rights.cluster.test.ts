import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachment, GROUP, kmcast, kubectl, PORT, pod, ROUTE, receives, report, Space } from './kit.ts';
import { site } from './site.ts';

/** What a user may is what kmcast can look at: less is known then, and what is said stays true. */
let space: Space;
let own: string;
const asked = ['--group', `${GROUP}:${PORT}`, '-o', 'json'];

beforeAll(() => {
  space = new Space('rights');
  own = `${space.name}-own`;
  space.namespace(own);
  space.apply(
    attachment('routed', ROUTE),
    attachment('plain'),
    pod('astray', { networks: 'plain', command: receives() }),
    pod('deaf', { networks: 'routed', command: receives(PORT + 1) }),
    pod('well', { networks: 'routed', command: receives() }),
  );
  space.ready('pod/astray', 'pod/deaf', 'pod/well');
  space.stream();
});
afterAll(() => space.close(own));

describe('pods and exec in one namespace, nothing else', () => {
  let kubeconfig: string;
  beforeAll(() => {
    kubeconfig = space.user('executor', {
      [space.name]: [
        ['', 'pods', 'get', 'list'],
        ['', 'pods/exec', 'get', 'create'],
      ],
    });
  });

  it.each([
    ['astray', 'joined-on-wrong-interface'],
    ['deaf', 'port-mismatch'],
  ])('finds the cause in %s', async (name, cause) => {
    const run = await kmcast(['doctor', `pod/${name}`, '-n', space.name, ...asked], { KUBECONFIG: kubeconfig });
    const found = report(run);
    expect([run.status, found.verdict, found.rootCause]).toEqual([1, 'broken', cause]);
    const unknown = found.checks.filter((check) => check.outcome === 'unknown');
    expect(unknown.map((check) => check.reason).join()).toMatch(/forbidden|no right|may not/);
    expect(unknown.every((check) => (check.reason ?? '').length > 10)).toBe(true);
    expect(found.vantages.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['exec', 'used'],
      ['node-pod', 'refused'],
    ]);
    expect(found.vantages[1]!.reason).toMatch(
      /^create jobs, delete jobs, watch pods and delete pods are forbidden in namespace \S+ for user \S+executor" \(nor may it be made in kmcast, kube-system\)$/,
    );
  });

  it('does not print a plan that cannot heal: the attachment could not be read, so it says what must be in it', async () => {
    const run = await kmcast(['doctor', 'pod/astray', '-n', space.name, ...asked], { KUBECONFIG: kubeconfig });
    const { steps } = report(run).plan;
    expect(steps[0]).toMatchObject({ on: 'cluster', title: expect.stringMatching(/239\.1\.2\.3\/32/) });
    expect(steps[0]!.title).toContain('plain');
  });

  it('says so of a healthy one', async () => {
    const run = await kmcast(['doctor', 'pod/well', '-n', space.name, ...asked], { KUBECONFIG: kubeconfig });
    expect([run.status, report(run).verdict]).toEqual([0, 'healthy']);
  });

  it('names what is missing where nothing may be looked at', async () => {
    const run = await kmcast(['doctor', 'pod/well', '-n', own, ...asked], { KUBECONFIG: kubeconfig });
    expect(run.status).toBe(3);
    expect(run.out).toBe('');
    expect(run.err).toMatch(/get pods? .*forbidden/);
  });
});

describe("exec forbidden, node pods in kmcast's own namespace", () => {
  it('finds the cause from there, and leaves nothing', async () => {
    const kubeconfig = space.user('visitor', {
      [space.name]: [['', 'pods', 'get', 'list']],
      [own]: [
        ['batch', 'jobs', 'create', 'delete', 'get'],
        ['', 'pods', 'get', 'list', 'watch', 'delete'],
        ['', 'pods/exec', 'get', 'create'],
      ],
    });
    const before = space.everything();
    const args = ['doctor', 'pod/astray', '-n', space.name, ...asked, '--image', site.image('netdebug')];
    const run = await kmcast(args, { KUBECONFIG: kubeconfig, KMCAST_NAMESPACE: own });
    const found = report(run);
    expect([run.status, found.rootCause]).toEqual([1, 'joined-on-wrong-interface']);
    expect(run.err).toMatch(new RegExp(`creating privileged pod kmcast-\\w+ on node node1 in namespace ${own}`));
    expect(found.vantages.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['exec', 'refused'],
      ['node-pod', 'used'],
    ]);
    expect(space.everything()).toEqual(before);
  });

  it('names the rights that are missing when neither is allowed', async () => {
    const kubeconfig = space.user('reader', { [space.name]: [['', 'pods', 'get', 'list']] });
    const run = await kmcast(['doctor', 'pod/astray', '-n', space.name, ...asked], { KUBECONFIG: kubeconfig });
    expect([run.status, report(run).verdict]).toEqual([3, 'unknown']);
    expect(report(run).summary).toMatch(/forbidden/);
    expect(kubectl(['-n', space.name, 'get', 'jobs', '-o', 'name'])).toBe('');
  });
});
