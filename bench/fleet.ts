/**
 * What a probe by a fleet of so many agents costs: seconds, requests, bytes, and what the pods are to the API server. The agents are
 * pods on the pod network, spread as the scheduler likes: node bench/run.js fleet AGENTS [COUNT] [NAMESPACE] [IMAGE].
 * Needs KUBECONFIG of a cluster that may be loaded like this.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import type { Cluster } from '../src/cluster/cluster.ts';
import { connect } from '../src/cluster/connect.ts';
import { newRunId } from '../src/cluster/owned.ts';
import { fleetJob } from '../src/fleet/fleet-job.ts';
import { fleetPaths } from '../src/fleet/paths.ts';
import { runFleet } from '../src/fleet/run-fleet.ts';
import { countFor, scheduleOf } from '../src/fleet/schedule.ts';
import { randomGroup } from '../src/probe/free-group.ts';
import { newRun } from '../src/probe/local-agent.ts';
import type { ProbePlan } from '../src/probe/plan.ts';

const [words, wanted, namespace = 'default', image = 'localhost/python:1'] = process.argv.slice(2);
const agents = Number(words);
const count = Number(wanted ?? countFor(agents, 100));

// What the bundler does for kmcast itself.
const folder = `${process.cwd()}/src/agent/python`;
const parts = readdirSync(folder).map((file) => [`python/${file}`, readFileSync(`${folder}/${file}`, 'utf8')]);
Object.assign(globalThis, { KMCAST_AGENT_PARTS: Object.fromEntries(parts) });

/** Counts the bytes of TLS between kmcast and the API server. */
const bytes = { up: 0, down: 0 };
const direct = await connect({});
const { hostname, port } = new URL(direct.server);
const relay = createServer((client) => {
  const server = dial(Number(port || 443), hostname);
  client
    .on('data', ({ length }) => {
      bytes.up += length;
    })
    .pipe(server);
  server
    .on('data', ({ length }) => {
      bytes.down += length;
    })
    .pipe(client);
  for (const side of [client, server]) side.on('error', () => undefined);
});
await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));

const cluster = counted(await throughRelay());
const began = Date.now();
const at = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s`;
const plan = planOf();
const names = plan.senders.map((_, index) => String(index));
const all = names.map((_, index) => index);
const schedule = scheduleOf(agents, agents, plan);
const seconds = 300;
const before = await served();
const closing: (() => Promise<void>)[] = [];
let last = '';
try {
  const seen = await runFleet({
    cluster: cluster.cluster,
    kind: 'Job',
    crew: {
      image,
      pullPolicy: 'Never',
      hostNetwork: false,
      grace: Math.ceil(schedule.window / 1000) + 5,
      placement: { kind: 'anywhere', pods: agents },
    },
    job: fleetJob(plan, plan.group, { names, senders: all, receivers: all }, schedule, seconds * 1000),
    expected: agents,
    namespace,
    label: newRunId(),
    seconds,
    announce: (name) =>
      console.log(`${at()}  ${name}: ${agents} agents, ${count} datagrams each, ${schedule.window} ms at most`),
    progress: (text) => {
      const step = text.replace(/\d+ of/, 'of');
      if (step !== last || /^(\d+) of \1/.test(text)) console.log(`${at()}  ${text}`);
      last = step;
    },
    signal: new AbortController().signal,
    removing: (close) => closing.push(close),
  });
  console.log(`${at()}  all results are here`);
  const paths = fleetPaths(plan, ({ node = '' }) => seen.results.get(node) ?? 'no result', { datagrams: 0 });
  const messages = [...seen.results.values()].filter((result) => typeof result !== 'string');
  console.log(`${messages.length} results; paths ${JSON.stringify(paths.totals)}`);
  const dropped = messages.reduce((sum, { received }) => sum + (received?.dropped ?? 0), 0);
  const inexact = messages.reduce(
    (sum, { received }) => sum + (received?.heard.filter(({ exact }) => !exact).length ?? 0),
    0,
  );
  console.log(`dropped by receivers themselves: ${dropped}; counts known to a sixtieth alone: ${inexact}`);
  for (const problem of new Set([...seen.results.values()].filter((result) => typeof result === 'string')))
    console.log(`  ${problem}`);
} finally {
  await Promise.all(closing.map((close) => close()));
  console.log(`${at()}  removed`);
  console.log(
    `kmcast's requests: ${JSON.stringify(cluster.requests)}; events of watches: ${JSON.stringify(cluster.events)}`,
  );
  console.log(`kmcast's bytes: ${bytes.up} up, ${bytes.down} down`);
  const after = await served();
  const rows = [...after]
    .map(([key, value]) => [key, value - (before.get(key) ?? 0)] as const)
    .filter(([, more]) => more > 0);
  rows.sort(([, a], [, b]) => b - a);
  console.log(`all requests to the API server: ${rows.reduce((sum, [, more]) => sum + more, 0)}`);
  for (const [key, more] of rows.slice(0, 14)) console.log(`  ${more}  ${key}`);
  process.exit();
}

function planOf(): ProbePlan {
  const ends = Array.from({ length: agents }, (_, index) => ({
    name: `pod/${index}`,
    node: String(index),
    addresses: [],
  }));
  const test = { run: newRun(), count, rate: 50, size: 100, ttl: 16, controlPort: 0 };
  return { ...test, group: randomGroup(4, undefined), senders: ends, receivers: ends };
}

/** The same context by the relay; TLS is still the server's. */
async function throughRelay(): Promise<Cluster> {
  const { execFileSync } = await import('node:child_process');
  const { writeFileSync, mkdtempSync } = await import('node:fs');
  const config = JSON.parse(execFileSync('kubectl', ['config', 'view', '--raw', '--minify', '-o', 'json']).toString());
  const address = relay.address();
  config.clusters[0].cluster.server = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  config.clusters[0].cluster['tls-server-name'] ??= hostname;
  const file = `${mkdtempSync('/tmp/kmcast-bench-')}/config`;
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return connect({ kubeconfig: file });
}

/** The cluster, and how often it was asked what. */
function counted(real: Cluster) {
  const requests: Record<string, number> = {};
  const events: Record<string, number> = {};
  const note = (what: string): void => {
    requests[what] = (requests[what] ?? 0) + 1;
  };
  const cluster: Cluster = {
    ...real,
    list: (path, query) => {
      note('list');
      return real.list(path, query);
    },
    create: (path, body, query) => {
      note('create');
      return real.create(path, body, query);
    },
    delete: (path, options) => {
      note('delete');
      return real.delete(path, options);
    },
    watch: (path, query, deadline, onEvent, signal) => {
      const what = path.split('/').at(-1) ?? '';
      const told: typeof onEvent = (type, object) => {
        events[what] = (events[what] ?? 0) + 1;
        return onEvent(type, object);
      };
      note(`watch ${what}`);
      return real.watch(path, query, deadline, told, signal);
    },
  };
  return { cluster, requests, events };
}

/** Requests that the API server has served, by verb and resource. */
async function served(): Promise<Map<string, number>> {
  const { execFileSync } = await import('node:child_process');
  const text = execFileSync('kubectl', ['get', '--raw', '/metrics'], { maxBuffer: 64 << 20 }).toString();
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('apiserver_request_total{')) continue;
    const label = (name: string) => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? '';
    const key = `${label('verb')} ${label('resource')}${label('subresource') === '' ? '' : `/${label('subresource')}`}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(line.split(' ').at(-1)));
  }
  return sums;
}
