import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasManyUsers } from '../../../src/lab/host/many-users.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { type Bench, startBench } from './kit.ts';

let bench: Bench;
const ended = (pod: KubeObject) => /Succeeded|Failed/.test(pod.status.phase);

beforeAll(async () => {
  bench = await startBench(hasManyUsers());
  const namespace = 'test';
  bench.store.create('configmaps', { metadata: { name: 'cm', namespace }, data: { a: 'one', 'b.conf': 'two\n' } });
  const data = { key: Buffer.from('gehéim').toString('base64') };
  bench.store.create('secrets', { metadata: { name: 'sec', namespace }, data });
});
afterAll(() => bench.end());

/** What a container that runs once prints. */
async function printed(name: string, script: string, c: object = {}, spec: object = {}): Promise<string> {
  bench.pod(
    name,
    { restartPolicy: 'Never', c: { command: ['sh', '-c', script], ...c }, ...spec },
    { labels: { app: 'x' } },
  );
  await bench.until(name, ended);
  return bench.log(name);
}

it('gives a container the variables of its manifest', async () => {
  const env = [
    { name: 'LD_PRELOAD', value: '' },
    { name: 'WITH-DASH', value: "it's $(A) $$(A) $(NONE)" },
    { name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'a' } } },
    { name: 'B', value: '$(A)-$(IP)' },
    { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'LABEL', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
    { name: 'S', valueFrom: { secretKeyRef: { name: 'sec', key: 'key' } } },
    { name: 'MAY', valueFrom: { secretKeyRef: { name: 'none', key: 'key', optional: true } } },
    { name: 'LINES', value: 'a\nb' },
  ];
  const c = { env, envFrom: [{ prefix: 'P_', configMapRef: { name: 'cm' } }] };
  const out = await printed('env', '', { ...c, command: ['env'] });
  expect(
    out
      .split('\n')
      .filter((line) => !/^(PWD|PATH|HOME|HOSTNAME|SHLVL|_|KUBERNETES\w*)=/.test(line))
      .sort(),
  ).toEqual(
    [
      '',
      '',
      'A=one',
      'B=one-$(IP)',
      'IP=10.44.1.2',
      'LABEL=x',
      'LD_PRELOAD=',
      'LINES=a',
      'P_a=one',
      'P_b.conf=two',
      'S=gehéim',
      "WITH-DASH=it's $(A) $(A) $(NONE)",
      'b',
    ].sort(),
  );
});

it('mounts volumes of every kind', async () => {
  const volumes = [
    { name: 'cm', configMap: { name: 'cm', items: [{ key: 'a', path: 'sub/a', mode: 0o400 }] } },
    { name: 'sec', secret: { secretName: 'sec' } },
    { name: 'down', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    { name: 'proj', projected: { sources: [{ configMap: { name: 'cm' } }, { secret: { name: 'sec' } }] } },
    { name: 'host', hostPath: { path: '/var/made', type: 'DirectoryOrCreate' } },
    { name: 'gone', configMap: { name: 'none', optional: true } },
  ];
  const volumeMounts = [
    { name: 'cm', mountPath: '/cm' },
    { name: 'sec', mountPath: '/sec' },
    { name: 'down', mountPath: '/down' },
    { name: 'proj', mountPath: '/proj' },
    { name: 'proj', mountPath: '/etc/one file', subPath: 'a' },
    { name: 'host', mountPath: '/host' },
    { name: 'gone', mountPath: '/var/run/gone' },
  ];
  const script =
    'cat /cm/sub/a /sec/key /down/labels "/etc/one file"; ls /proj; ls -d /run/gone; touch /host/x; touch /cm/x; stat -c %a /cm/sub/a';
  const out = await printed('volumes', script, { volumeMounts }, { volumes });
  expect(out).toMatch(/^onegehéimapp="x"onea\nb.conf\nkey\n\/run\/gone\ntouch: .*Read-only file system\n400\n$/);
  expect(await bench.node.run(['ls', '/var/made'])).toBe('x\n');
});

it('refuses a hostPath that is of another type', async () => {
  const volumes = [{ name: 'v', hostPath: { path: '/etc/hostname', type: 'Directory' } }];
  bench.pod('type', { volumes, c: { volumeMounts: [{ name: 'v', mountPath: '/v' }] } });
  await bench.until('type', () => bench.events('type').length > 0);
  expect(bench.events('type')[0]).toBe(
    'Warning FailedMount MountVolume.SetUp failed for volume "v" : hostPath type check failed: /etc/hostname is not a directory',
  );
});

it('starts many pods at once', async () => {
  const began = Date.now();
  const names = Array.from({ length: 20 }, (_, index) => `many${index}`);
  for (const name of names) bench.pod(name, { c: { command: ['sleep', '1000'] } });
  await Promise.all(names.map((name) => bench.until(name, ({ status }) => status.phase === 'Running')));
  expect(Date.now() - began).toBeLessThan(10_000);
  for (const name of names) bench.store.remove('pods', 'test', name, { grace: 0 });
  await Promise.all(names.map((name) => bench.gone(name)));
});
