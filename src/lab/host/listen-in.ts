/** A listening socket in another network namespace: this process serves it without being there. */
import { spawn } from 'node:child_process';
import { Server } from 'node:net';

/** A socket stays in the namespace where it was made (network_namespaces(7)); a child makes it there and hands it over (SCM_RIGHTS). */
const CHILD = `
const [address, port] = process.argv.slice(1);
const server = require('node:net').createServer();
server.listen(Number(port), address, () => process.send('listening', server, () => process.exit()));
`;

/**
 * @param pid a process in that namespace, whose user namespace is this process's own
 * Rejects with what the child said when the address cannot be listened on.
 */
export function listenIn(pid: number, address: string, port: number): Promise<Server> {
  const argv = ['-t', String(pid), '-n', '--', process.execPath, '-e', CHILD, '--', address, String(port)];
  const child = spawn('nsenter', argv, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.on('message', (_, handle) => {
      if (handle instanceof Server) resolve(handle);
    });
    child.on('error', reject);
    child.on('close', (status) =>
      reject(new Error(`nothing listens on ${address}:${port} (status ${status}): ${said.trim()}`)),
    );
  });
}
