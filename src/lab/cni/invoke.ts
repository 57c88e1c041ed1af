/** Runs one plugin on a node (CNI spec 1.0 §2-4): parameters in the environment, configuration on stdin, result on stdout. */
import { isObject, type Json } from '../../model/nad.ts';
import type { Node } from '../place.ts';
import type { CniResult } from './cni-config.ts';
import { PLUGIN_FOLDER } from './plugins.ts';

export interface Invocation {
  readonly node: Node;
  readonly command: 'ADD' | 'DEL';
  readonly containerId: string;
  /** Of the node. */
  readonly netns: string;
  readonly ifname: string;
  /** CNI_ARGS. */
  readonly args: readonly (readonly [string, string])[];
}

/** A runtime waits no longer: the kubelet's `runtimeRequestTimeout`. */
const DEADLINE = 120_000;

/** Throws in the plugin's own words. */
export async function invokePlugin(invocation: Invocation, config: Json): Promise<CniResult> {
  const { stdout, stderr, ended } = await run(
    invocation.node,
    `${PLUGIN_FOLDER}/${config.type}`,
    JSON.stringify(config),
    {
      CNI_COMMAND: invocation.command,
      CNI_CONTAINERID: invocation.containerId,
      CNI_NETNS: invocation.netns,
      CNI_IFNAME: invocation.ifname,
      CNI_ARGS: invocation.args.map((pair) => pair.join('=')).join(';'),
      CNI_PATH: PLUGIN_FOLDER,
      PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    },
  );
  if (ended !== 'exit status 0') throw new Error(failure(stdout, stderr, ended));
  if (stdout.trim() === '') return {};
  const result: unknown = JSON.parse(stdout);
  return isObject(result) ? result : {};
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** As Go says it: `exit status 1`, `signal: killed`. */
  readonly ended: string;
}

function run(node: Node, program: string, input: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = node.spawn([program], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ stdout, stderr, ended: signal === null ? `exit status ${status}` : 'signal: killed' });
    });
    // A plugin that ends before it has read everything has said why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** libcni, pkg/invoke/raw_exec.go. */
function failure(stdout: string, stderr: string, ended: string): string {
  if (stdout === '') {
    return stderr === ''
      ? `netplugin failed with no error message: ${ended}`
      : `netplugin failed: ${JSON.stringify(stderr)}`;
  }
  try {
    const error: unknown = JSON.parse(stdout);
    if (isObject(error) && typeof error.msg === 'string') {
      return typeof error.details === 'string' && error.details !== '' ? `${error.msg}; ${error.details}` : error.msg;
    }
  } catch {
    // Not the plugin's error: reported with what it is.
  }
  return `netplugin failed but error parsing its diagnostic message ${JSON.stringify(stdout)}: ${ended}`;
}
