import { spawn } from 'node:child_process';
import { basename, resolve } from 'node:path';
import type { Cluster as ClusterEntry, User } from '@kubernetes/client-node/dist/config_types.js';
import { clean } from './clean.ts';
import { ClusterError } from './cluster.ts';
import { fields, items, parseJson, text } from './json.ts';
import type { Environment } from './proxy.ts';

/** What a credential plugin gave, and until when it holds (Unix milliseconds; infinite when it did not say). */
export interface Credential {
  readonly user: User;
  readonly expires: number;
}

/** A person may have to log in through a browser. */
const PATIENCE = 120_000;
const MAX_OUTPUT = 1 << 20;

/**
 * Runs the user's credential plugin (client.authentication.k8s.io ExecCredential) as client-go does: told about itself in
 * KUBERNETES_EXEC_INFO, a relative command taken from the kubeconfig's directory, the terminal left to it for logging in.
 * client-node's own runner gives it no KUBERNETES_EXEC_INFO, hides what it asks, and waits for ever.
 * Throws ClusterError `unauthorized`.
 */
export async function runPlugin(
  user: User,
  cluster: ClusterEntry,
  directory: string,
  environment: Environment,
): Promise<Credential> {
  const { command, args, env, info, hint } = describe(user, cluster);
  const path = command.includes('/') ? resolve(directory, command) : command;
  const name = clean(basename(command), 80);
  const output = await run(path, args, { ...environment, ...env, KUBERNETES_EXEC_INFO: info }).catch((error: Error) => {
    throw new ClusterError(
      'unauthorized',
      `the credential plugin ${name} of user ${clean(user.name, 80)} failed: ${clean(error.message)}`,
      hint,
    );
  });
  const credential = parse(output, user);
  if (credential !== undefined) return credential;
  throw new ClusterError(
    'unauthorized',
    `the credential plugin ${name} of user ${clean(user.name, 80)} gave no token and no certificate`,
    hint,
  );
}

function describe(user: User, cluster: ClusterEntry) {
  const exec = fields(user.exec);
  const pairs = items(exec.env).map(fields);
  const about = {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
    'certificate-authority-data': cluster.caData,
    'proxy-url': cluster.proxyUrl,
  };
  const interactive = exec.interactiveMode !== 'Never' && process.stdin.isTTY === true;
  const info = {
    apiVersion: text(exec.apiVersion) ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive, ...(exec.provideClusterInfo === true ? { cluster: about } : {}) },
  };
  return {
    command: text(exec.command) ?? '',
    args: items(exec.args).map(String),
    env: Object.fromEntries(pairs.map((pair) => [String(pair.name), String(pair.value)])),
    info: JSON.stringify(info),
    hint: clean(text(exec.installHint) ?? 'run any kubectl command to see whether logging in works there'),
  };
}

function run(command: string, args: readonly string[], env: Record<string, string | undefined>): Promise<string> {
  return new Promise((done, failed) => {
    // A terminal is shown what the plugin asks for: a device code, a browser's address.
    const child = spawn(command, args, {
      env,
      stdio: ['inherit', 'pipe', process.stderr.isTTY ? 'inherit' : 'pipe'],
      timeout: PATIENCE,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT) child.kill();
      else chunks.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      failed(error.code === 'ENOENT' ? new Error(`there is no program ${command}`) : error),
    );
    child.once('close', (code, signal) => {
      if (code === 0) done(Buffer.concat(chunks).toString());
      else
        failed(
          new Error(
            complaint ||
              (code === null ? `ended by ${signal}, after ${PATIENCE / 1000} s at most` : `exit status ${code}`),
          ),
        );
    });
  });
}

function parse(output: string, user: User): Credential | undefined {
  const status = fields(fields(parseJson(output)).status);
  const [token, cert, key] = [text(status.token), text(status.clientCertificateData), text(status.clientKeyData)];
  if (token === undefined && (cert === undefined || key === undefined)) return undefined;
  const { exec: _, ...rest } = user;
  const expires = Date.parse(text(status.expirationTimestamp) ?? '');
  return {
    user: {
      ...rest,
      ...(token === undefined ? {} : { token }),
      ...(cert === undefined || key === undefined ? {} : { certData: base64(cert), keyData: base64(key) }),
    },
    expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
  };
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
