import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmcast, lab, labState, namespacesOf, remaining, runtimeFolder, traces, tree } from './kit.ts';

describe('a lab that is up', () => {
  let runtime: string;
  let kubeconfig: string;

  beforeAll(async () => {
    runtime = runtimeFolder();
    const up = await lab(runtime, 'up');
    expect(up.err).toMatch(/is up/);
    kubeconfig = (await lab(runtime, 'kubeconfig')).out.trim();
  });

  afterAll(async () => {
    const ids = tree(labState(runtime)?.pid ?? 0);
    const namespaces = namespacesOf(ids);
    expect((await lab(runtime, 'down')).status).toBe(0);
    expect(remaining(ids, namespaces)).toEqual([]);
    expect(traces(runtime)).toEqual([]);
    rmSync(runtime, { recursive: true });
  });

  it('has a stream that its receiver reads, as kmcast sees like any other cluster', async () => {
    const args = ['doctor', 'pod/rx', '-n', 'video', '--group', '239.10.10.10:5004', '-o', 'json'];
    const doctor = await kmcast(args, { KUBECONFIG: kubeconfig });
    expect(doctor.err).not.toContain('defect');
    expect(JSON.parse(doctor.out)).toMatchObject({ verdict: 'healthy', rootCause: null });
    expect(doctor.status).toBe(0);
  });

  it('tells what it has', async () => {
    const status = await lab(runtime, 'status');
    expect(status.out).toMatch(/^the lab lab is up since \S+ \(--nodes 2 --pod-network overlay\)$/m);
    expect(status.out).toMatch(/^ {3}video\/rx +Running +node1 +10\.44\.1\.\d+$/m);
    expect(status.out.match(/kube-multus-ds-\S+ +Running/g)).toHaveLength(2);
    expect((await lab(runtime, 'env')).out).toBe(`export KUBECONFIG='${kubeconfig}'\n`);
    const [found] = JSON.parse((await lab(runtime, 'list', '-o', 'json')).out);
    expect(found).toMatchObject({ name: 'lab', ready: { kubeconfig } });
  });

  it('runs commands in its pods', async () => {
    const links = await lab(
      runtime,
      'exec',
      'pod/rx',
      '-n',
      'video',
      '--',
      'ip',
      '-br',
      'address',
      'show',
      'dev',
      'net1',
    );
    expect(links.out).toMatch(/^net1@\S+ +UP +192\.168\.50\.1\d\d\/24/);
    const failing = await lab(runtime, 'exec', 'pod/rx/app', '-n', 'video', '--', 'sh', '-c', 'echo no >&2; exit 5');
    expect(failing).toMatchObject({ status: 5, err: 'no\n' });
    expect((await lab(runtime, 'exec', 'pod/nobody', '--', 'true')).err).toMatch(/^kmcast: pod nobody .*not found/);
    const nowhere = await lab(runtime, 'exec', 'node7', '--', 'true');
    expect(nowhere).toMatchObject({ status: 3, out: '' });
    expect(nowhere.err).toMatch(/no machine node7\n.*it has outside, node1, node2 and lan/);
  });

  it('sends its stream again when somebody ends the sender', async () => {
    const sender = async () => {
      const found = await lab(runtime, 'exec', 'outside', '--', 'ss', '-Hunap');
      return /pid=(\d+)/.exec(found.out)?.[1];
    };
    const first = await sender();
    expect(first).toBeDefined();
    await lab(runtime, 'exec', 'outside', '--', 'kill', first ?? '');
    for (let i = 0; i < 20 && [first, undefined].includes(await sender()); i++) await sleep(100);
    expect([first, undefined]).not.toContain(await sender());
  });
});
