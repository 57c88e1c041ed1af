import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasManyUsers } from '../../../src/lab/host/many-users.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { itWithUsers } from '../../helpers/users.ts';
import { type Bench, startBench, text } from './kit.ts';

let bench: Bench;
const running = (pod: KubeObject) => pod.status.phase === 'Running';
const ended = (pod: KubeObject) => /Succeeded|Failed/.test(pod.status.phase);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

beforeAll(async () => {
  bench = await startBench(hasManyUsers());
  bench.pod('a', {
    c: {
      command: ['sleep', '1000'],
      workingDir: '/work/dir',
      env: [{ name: 'A', value: 'a b' }],
      securityContext: { capabilities: { drop: ['ALL'] }, runAsUser: 1000 },
    },
  });
  bench.pod('distroless', { c: { image: 'lab/distroless:1' } });
  await bench.until('a', running);
  await bench.until('distroless', running);
});
afterAll(() => bench.end());

describe('exec', () => {
  itWithUsers('runs with the user, rights, environment and folder of the container', async () => {
    const script = 'id -u; pwd; echo "$A"; grep CapBnd /proc/self/status; echo err >&2; exit 7';
    expect(await bench.exec('a', ['sh', '-c', script])).toEqual({
      code: 7,
      out: '1000\n/work/dir\na b\nCapBnd:\t0000000000000000\n',
      err: 'err\n',
    });
  });

  it('passes megabytes in and out, and the end of input', async () => {
    const input = 'x'.repeat(3_000_000);
    const { out, code } = await bench.exec('a', ['cat'], input);
    expect(code).toBe(0);
    expect(out === input).toBe(true);
  });

  it('lets a slow reader have all that was written', async () => {
    const process = await bench.runtime.exec({
      namespace: 'test',
      pod: 'a',
      command: ['head', '-c', '300000', '/dev/zero'],
      stdin: false,
      tty: false,
    });
    let length = 0;
    for await (const part of process.stdout) {
      length += (part as Buffer).length;
      await pause(length < 200_000 ? 300 : 0);
    }
    expect(length).toBe(300_000);
    expect(await process.ended).toBe(0);
  });

  it('has not ended before its output was read', async () => {
    const command = ['head', '-c', '60000', '/dev/zero'];
    const process = await bench.runtime.exec({ namespace: 'test', pod: 'a', command, stdin: false, tty: false });
    process.stderr?.resume();
    expect(await Promise.race([process.ended, pause(700)])).toBeUndefined();
    expect((await text(process.stdout)).length).toBe(60_000);
    expect(await process.ended).toBe(0);
  });

  it('says 128 and the signal', async () => {
    expect((await bench.exec('a', ['sh', '-c', 'kill -9 $$'])).code).toBe(137);
  });

  it.each([
    ['distroless', 'sh', 'exec: "sh": executable file not found in $PATH'],
    ['distroless', '/bin/sh', 'exec: "/bin/sh": stat /bin/sh: no such file or directory'],
    ['a', '/etc', 'exec: "/etc": permission denied'],
    ['a', '/etc/hosts', 'exec: "/etc/hosts": permission denied'],
  ])('in %s of %s fails as a container runtime says it', async (pod, program, why) => {
    await expect(bench.exec(pod, [program])).rejects.toMatchObject({
      code: 500,
      reason: 'InternalError',
      message: expect.stringMatching(
        /^Internal error occurred: .*failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: /,
      ),
    });
    await expect(bench.exec(pod, [program])).rejects.toThrow(`unable to start container process: ${why}: unknown`);
  });

  it('has a terminal where it is asked for', async () => {
    const script = 'test -t 0 && tty; echo "it\'s $1"; exit 3';
    const { code, out, err } = await bench.exec('a', ['sh', '-c', script, 'sh', '$HOME "x"'], undefined, { tty: true });
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/^\/dev\/pts\/\d+\r\nit's \$HOME "x"\r\n$/);
  });

  it('writes to a terminal what comes in', async () => {
    const { out } = await bench.exec('a', ['sh'], 'echo $((40 + 2))\nexit\n', { tty: true });
    expect(out).toContain('42\r\n');
  });

  it.each([
    [{ pod: 'none' }, { code: 404, reason: 'NotFound', message: 'pods "none" not found' }],
    [
      { pod: 'a', container: 'zzz' },
      { code: 400, message: 'container zzz is not valid for pod a' },
    ],
  ])('of %o is refused', async (which, refusal) => {
    const request = { namespace: 'test', command: ['id'], stdin: false, tty: false, ...which };
    await expect(bench.runtime.exec(request)).rejects.toMatchObject(refusal);
  });

  it('into what has ended is refused', async () => {
    bench.pod('done', { restartPolicy: 'Never', c: { command: ['true'] } });
    await bench.until('done', ended);
    await expect(bench.exec('done', ['id'])).rejects.toThrow('unable to upgrade connection: container not found ("c")');
  });
});

describe('attach', () => {
  it("is the container's own input and output", async () => {
    bench.pod('cat', { restartPolicy: 'Never', c: { command: ['cat'], stdin: true, stdinOnce: true } });
    await bench.until('cat', running);
    const process = await bench.runtime.attach({ namespace: 'test', pod: 'cat', stdin: true, tty: false });
    process.stdin?.end('hello\n');
    expect(await text(process.stdout)).toBe('hello\n');
    expect(await process.ended).toBe(0);
    expect(await bench.log('cat')).toBe('hello\n');
  });

  it('leaves the container alone when it is released', async () => {
    bench.pod('noise', { c: { command: ['sh', '-c', 'while :; do echo x; sleep 0.02; done'] } });
    await bench.until('noise', running);
    const process = await bench.runtime.attach({ namespace: 'test', pod: 'noise', stdin: false, tty: false });
    await new Promise((resolve) => process.stdout.once('data', resolve));
    process.release();
    const before = (await bench.log('noise')).length;
    await pause(200);
    expect((await bench.log('noise')).length).toBeGreaterThan(before);
    expect(bench.store.get('pods', 'test', 'noise')?.status.phase).toBe('Running');
  });

  it('is to a terminal when the container has one', async () => {
    bench.pod('tty', { c: { command: ['sh'], stdin: true, tty: true } });
    await bench.until('tty', running);
    const process = await bench.runtime.attach({ namespace: 'test', pod: 'tty', stdin: true, tty: true });
    process.stdin?.write('tty; exit\n');
    expect(await text(process.stdout)).toMatch(/\/dev\/pts\/\d/);
  });
});

describe('logs', () => {
  it('are kept of stdout and stderr, with their times, and can be cut', async () => {
    bench.pod('log', {
      restartPolicy: 'Never',
      c: { command: ['sh', '-c', 'echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three'] },
    });
    await bench.until('log', ended);
    expect(await bench.log('log')).toBe('one\ntwo\nthree');
    expect(await bench.log('log', { tailLines: 2 })).toBe('two\nthree');
    expect(await bench.log('log', { limitBytes: 5 })).toBe('one\nt');
    expect(await bench.log('log', { timestamps: true })).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z one\n.*Z two\n.*Z three$/,
    );
    expect(await bench.log('log', { sinceSeconds: 100 })).toBe('one\ntwo\nthree');
    await pause(1100);
    expect(await bench.log('log', { sinceSeconds: 1 })).toBe('');
  });

  it('are followed to the end of the container', async () => {
    bench.pod('follow', {
      restartPolicy: 'Never',
      c: { command: ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 0.2; done'] },
    });
    await bench.until('follow', running);
    expect(await bench.log('follow', { follow: true })).toBe('1\n2\n3\n');
  });

  it('keep long lines whole', async () => {
    bench.pod('long', {
      restartPolicy: 'Never',
      c: { command: ['sh', '-c', 'head -c 100000 /dev/zero | tr "\\0" x; echo; echo end'] },
    });
    await bench.until('long', ended);
    expect(await bench.log('long')).toBe(`${'x'.repeat(100_000)}\nend\n`);
  });

  it.each([
    [{ previous: true }, 'previous terminated container "c" in pod "a" not found'],
    [{ container: 'x' }, 'container x is not valid for pod a'],
  ])('%o are refused', async (more, message) => {
    await expect(bench.log('a', more)).rejects.toMatchObject({ code: 400, message });
  });

  it('of what waits are refused', async () => {
    bench.pod('wait', { c: { image: 'lab/none:1', imagePullPolicy: 'Never' } });
    await bench.until('wait', (pod) => pod.status.containerStatuses?.[0].state.waiting?.reason === 'ErrImageNeverPull');
    const message = 'container "c" in pod "wait" is waiting to start: ErrImageNeverPull';
    await expect(bench.log('wait')).rejects.toMatchObject({ code: 400, reason: 'BadRequest', message });
  });
});

describe('an ephemeral container', () => {
  it("starts when it is added, in the pod's network and its target's processes", async () => {
    const add = (container: object) =>
      bench.store.mutate('pods', 'test', 'distroless', (pod) => {
        pod.spec.ephemeralContainers = [...(pod.spec.ephemeralContainers ?? []), container];
      });
    add({
      name: 'debug',
      image: 'lab/netdebug:1',
      command: ['sh', '-c', 'ps -e | grep -c sleep; readlink /proc/self/ns/net'],
      targetContainerName: 'c',
    });
    const pod = await bench.until(
      'distroless',
      ({ status }) => status.ephemeralContainerStatuses?.[0].state.terminated,
    );
    expect(pod.status.ephemeralContainerStatuses).toMatchObject([
      { name: 'debug', state: { terminated: { exitCode: 0 } }, restartCount: 0 },
    ]);
    const tasks = `grep -l ${pod.metadata.uid} /run/containerd/io.containerd.runtime.v2.task/k8s.io/*/config.json`;
    const look = `for file in $(${tasks}); do readlink /proc/$(cat $(dirname $file)/init.pid)/ns/net; done | sort -u`;
    const net = await bench.node.run(['sh', '-c', look]);
    expect(await bench.log('distroless', { container: 'debug' })).toBe(`1\n${net}`);
    expect(pod.status.phase).toBe('Running');
    add({ name: 'stays', image: 'lab/busybox:1', command: ['sleep', '1000'] });
    await bench.until('distroless', ({ status }) => status.ephemeralContainerStatuses?.[1]?.state.running);
    expect((await bench.exec('distroless', ['cat', '/proc/1/comm'], undefined, { container: 'stays' })).out).toBe(
      'sleep\n',
    );
  });
});
