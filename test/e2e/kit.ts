/** kmcast as an operator runs it, against a cluster: a namespace, pods, a stream from outside, and users with few rights. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN, site } from './site.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const GROUP = '239.1.2.3';
export const PORT = 5007;

export interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
  /** Resolves once stderr says it. */
  readonly says: (pattern: RegExp) => Promise<void>;
}

/** Starts kmcast. `env` is added to this process's; `undefined` takes a variable away. */
export function start(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk));
  const ended = new Promise<Run>((resolve) => child.on('close', (status) => resolve({ status, out, err })));
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(err) && resolve();
      child.stderr.on('data', look);
      child.on('close', (status) => reject(new Error(`ended with ${status} before it said ${pattern}: ${err}`)));
      look();
    });
  return { child, ended, says };
}

export function kmcast(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Run> {
  return start(args, env).ended;
}

/** What `doctor -o json` says of a target. */
export interface Report {
  readonly kind: string;
  readonly target: { readonly name: string };
  readonly group: string | null;
  readonly verdict: string;
  readonly rootCause: string | null;
  readonly summary: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string }[];
  readonly checks: readonly { readonly rule: string; readonly outcome: string; readonly reason?: string }[];
  readonly plan: { readonly steps: readonly { readonly on: string; readonly title: string; readonly run?: string }[] };
  readonly vantages: readonly { readonly kind: string; readonly outcome: string; readonly reason?: string }[];
}

/** The diagnoses of a JSON report, one or several; throws with stderr where there is none. */
export function reports(run: Run): Report[] {
  if (!run.out.startsWith('{')) throw new Error(`no JSON (status ${run.status}): ${run.err}`);
  const json: Report & { readonly items?: Report[] } = JSON.parse(run.out);
  return json.items ?? [json];
}

export function report(run: Run): Report {
  return reports(run)[0]!;
}

export function kubectl(args: readonly string[], input?: string): string {
  return execFileSync('kubectl', args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], input: input ?? '' });
}

/** The bundle must be of this source: what is tested is what is written. */
export function checkBuild(): void {
  if (process.env.KMCAST_BIN !== undefined) return;
  const built = statSync(`${ROOT}/dist/main.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Python keeps what it compiled beside the modules.
  const files = readdirSync(`${ROOT}/src`, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(ts|cjs|py|pl|sh)$/.test(file),
  );
  const newest = Math.max(...files.map((file) => statSync(`${ROOT}/src/${file}`).mtimeMs));
  if (built < newest) throw new Error('dist/ is older than src/: run node scripts/build.js first');
}

/** A namespace of its own for one test file, with a service account that pods can start with. */
export class Space {
  readonly name: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'kmcast-e2e-'));
  readonly #children: ChildProcess[] = [];

  constructor(name: string) {
    checkBuild();
    this.name = `kme-${name}-${process.pid}`;
    this.namespace(this.name);
  }

  namespace(name: string): void {
    kubectl(['create', 'namespace', name]);
    for (let i = 0; i < 50 && !kubectl(['-n', name, 'get', 'serviceaccounts']).includes('default'); i++)
      execFileSync('sleep', ['0.1']);
  }

  /** Waits until the namespaces of files before are gone: their pods have addresses that this one's get too. */
  alone(): void {
    const others = () =>
      kubectl(['get', 'namespaces', '-o', 'name'])
        .split('\n')
        .filter((line) => line.startsWith('namespace/kme-') && !line.startsWith(`namespace/${this.name}`));
    for (let i = 0; i < 120 && others().length > 0; i++) execFileSync('sleep', ['0.5']);
  }

  apply(...objects: readonly object[]): void {
    kubectl(['-n', this.name, 'apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  }

  ready(...names: readonly string[]): void {
    kubectl(['-n', this.name, 'wait', '--for=condition=Ready', '--timeout=60s', ...names]);
  }

  /** The outside host sends to the group until the file is done. */
  stream(): void {
    const code = `import socket, struct, time
s = socket.socket(2, 2)
s.setsockopt(0, 32, struct.pack('4s4si', bytes(4), bytes(4), socket.if_nametoindex('eth1'))); s.setsockopt(0, 33, 8)
while True: s.sendto(b'feed', ('${GROUP}', ${PORT})); time.sleep(0.05)`;
    const [program = '', ...args] = site.outside(['/usr/bin/python3', '-c', code]);
    this.#children.push(spawn(program, args, { stdio: 'ignore' }));
  }

  /** A kubeconfig of a new service account with these rights in each of the namespaces. */
  user(name: string, rights: Readonly<Record<string, readonly Right[]>>): string {
    kubectl(['-n', this.name, 'create', 'serviceaccount', name]);
    for (const [namespace, rules] of Object.entries(rights)) {
      const role = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name, namespace },
        rules: rules.map(([group, resource, ...verbs]) => ({ apiGroups: [group], resources: [resource], verbs })),
      };
      kubectl(['apply', '-f', '-'], JSON.stringify(role));
      kubectl([
        '-n',
        namespace,
        'create',
        'rolebinding',
        name,
        `--role=${name}`,
        `--serviceaccount=${this.name}:${name}`,
      ]);
    }
    const config = JSON.parse(kubectl(['config', 'view', '--raw', '--minify', '-o', 'json']));
    // As `kubectl create token` does, which kubectl before 1.24 has not.
    const path = `/api/v1/namespaces/${this.name}/serviceaccounts/${name}/token`;
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status } = JSON.parse(kubectl(['create', '--raw', path, '-f', '-'], JSON.stringify(request)));
    config.users[0].user = { token: status.token };
    const file = join(this.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  everything(): string[] {
    return everything(this.name);
  }

  close(...others: readonly string[]): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true });
    kubectl(['delete', 'namespace', '--wait=false', this.name, ...others]);
  }
}

/** API group, resource, verbs. */
export type Right = readonly [string, string, ...string[]];

/** All pods and jobs of the cluster, but those of other files' namespaces than `own`, which may still be going away. */
export function everything(own = 'kme-'): string[] {
  const columns = 'custom-columns=N:.metadata.namespace,P:.metadata.name,U:.metadata.uid';
  // Columns are as wide as the longest row, which may be of another file's.
  const rows = kubectl(['get', 'pods,jobs', '-A', '--no-headers', '-o', columns]).replace(/ +/g, ' ').split('\n');
  return rows.filter((row) => row.startsWith(own) || !row.startsWith('kme-')).sort();
}

/** A macvlan on the multicast LAN. */
export function attachment(name: string, routes: readonly object[] = [], master = 'eth1'): object {
  const range = { subnet: site.subnet, rangeStart: `${site.prefix}200`, rangeEnd: `${site.prefix}239` };
  const ipam = { type: 'host-local', ranges: [[range]], routes };
  const config = { cniVersion: '0.3.1', name: `kme-${name}`, type: 'macvlan', master, mode: 'bridge', ipam };
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name },
    spec: { config: JSON.stringify(config) },
  };
}

export const ROUTE = [{ dst: `${GROUP}/32`, gw: '0.0.0.0' }];

export interface PodWishes {
  readonly networks?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** The metadata and spec of a pod on node1. */
export function podOf(wishes: PodWishes = {}) {
  return {
    metadata: {
      labels: wishes.labels ?? {},
      annotations: wishes.networks === undefined ? {} : { 'k8s.v1.cni.cncf.io/networks': wishes.networks },
    },
    spec: {
      nodeName: 'node1',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'app',
          image: site.image(wishes.image ?? 'python'),
          imagePullPolicy: 'Never',
          command: wishes.command,
          env: wishes.env,
        },
      ],
    },
  };
}

export function pod(name: string, wishes: PodWishes = {}): object {
  const { metadata, spec } = podOf(wishes);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec };
}

/** The command of a receiver of the group on the port. */
export function receives(port = PORT, group = GROUP): string[] {
  const code = `import socket
s = socket.socket(2, 2); s.bind(('', ${port}))
s.setsockopt(0, 35, socket.inet_aton('${group}') + bytes(4))
while True: s.recv(2000)`;
  return ['python3', '-c', code];
}
