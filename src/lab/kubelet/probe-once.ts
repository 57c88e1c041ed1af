/** One attempt of a probe. */
import { spawn } from 'node:child_process';
import type { PodContext } from './context.ts';
import { execIn } from './exec.ts';
import { endOf } from './held-process.ts';
import { enter } from './namespaces.ts';
import type { CreatedContainer } from './start-container.ts';
import type { Container, Probe } from './types.ts';

/** Asks from the node's network, as a kubelet does. Arguments: tcp or http, host, port, path, milliseconds. */
const ASK = `
const [, kind, host, port, path, timeout] = process.argv;
const fail = (text) => { console.log(text); process.exit(1); };
setTimeout(() => fail('context deadline exceeded'), Number(timeout));
if (kind === 'tcp') {
  require('node:net').connect({ host, port: Number(port) }, () => process.exit(0)).on('error', (e) => fail('dial tcp ' + host + ':' + port + ': ' + e.message));
} else {
  require('node:http').get({ host, port: Number(port), path }, ({ statusCode }) => {
    if (statusCode >= 200 && statusCode < 400) process.exit(0);
    fail('HTTP probe failed with statuscode: ' + statusCode);
  }).on('error', (e) => fail('Get "http://' + host + ':' + port + path + '": ' + e.message));
}`;

/** Undefined when it succeeded, else why not. */
export async function probeOnce(
  context: PodContext,
  container: Container,
  created: CreatedContainer,
  probe: Probe,
): Promise<string | undefined> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.exec) return execProbe(created, probe.exec.command, timeout);
  const socket = probe.httpGet ?? probe.tcpSocket;
  if (socket === undefined) return undefined;
  const host = socket.host || context.addresses[0] || '127.0.0.1';
  const port = container.ports?.find(({ name }) => name === socket.port)?.containerPort ?? socket.port;
  const kind = probe.httpGet ? 'http' : 'tcp';
  const arguments_ = [kind, host, String(port), probe.httpGet?.path || '/', String(timeout)];
  const argv = [...enter({ net: context.kubelet.node.pid }), process.execPath, '-e', ASK, ...arguments_];
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return (await endOf(child)).code === 0 ? undefined : said.trim() || 'no answer';
}

async function execProbe(
  created: CreatedContainer,
  command: readonly string[],
  timeout: number,
): Promise<string | undefined> {
  try {
    const run = await execIn(created, { command, stdin: false, tty: false });
    let said = '';
    const hear = (chunk: Buffer) => {
      if (said.length < 4096) said += chunk.toString();
    };
    run.stdout.on('data', hear);
    run.stderr.on('data', hear);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      run.kill();
    }, timeout);
    const { code } = await run.ended;
    clearTimeout(timer);
    if (late) return `command timed out: "${command.join(' ')}" timed out after ${timeout / 1000}s`;
    return code === 0 ? undefined : said.trim() || `exit status ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
