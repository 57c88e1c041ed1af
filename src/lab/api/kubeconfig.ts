import { chmod, rename, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Certificates } from './certificates.ts';

/** Beside the operator's kubeconfig: the same for commands that run as machines of the lab. */
export const MACHINES_KUBECONFIG = 'kubeconfig-machines';

/** Writes a kubeconfig with the admin's certificate; only its owner can read it. It is never there by halves. */
export async function writeKubeconfig(
  file: string,
  url: string,
  { authority, admin }: Certificates,
  name: string,
): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': base64(authority) } }],
    users: [
      {
        name: `${name}-admin`,
        user: { 'client-certificate-data': base64(admin.certificate), 'client-key-data': base64(admin.key) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: `${name}-admin` } }],
    'current-context': name,
  };
  const beside = `${file}.new`;
  await writeFile(beside, stringify(config, { lineWidth: 0 }), { mode: 0o600 });
  await chmod(beside, 0o600);
  await rename(beside, file);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
