/** CNI's files on a node: configuration names and types, plugins, host-local's reservations. Contents with credentials are not kept. */
import type { AgentMessage, Reads } from '../../agent/protocol.ts';
import { type Fact, known, unknown } from '../../model/fact.ts';
import { isObject } from '../../model/nad.ts';
import type { CniFiles } from '../snapshot.ts';

const ROOT = '/proc/1/root';

export function cniReads(): Reads {
  return {
    files: [
      `${ROOT}/etc/cni/net.d/*.conf`,
      `${ROOT}/etc/cni/net.d/*.conflist`,
      '/sys/class/dmi/id/sys_vendor',
      '/sys/class/dmi/id/product_name',
    ],
    netlink: [],
    commands: [
      { name: 'cni-configurations', argv: ['ls', '-1', '/etc/cni/net.d'], root: 'node' },
      { name: 'cni-plugins', argv: ['ls', '-1', '/opt/cni/bin'], root: 'node' },
      { name: 'cni-run', argv: ['ls', '-1', '/run/cni'], root: 'node' },
      { name: 'cni-reservations', argv: ['ls', '-1R', '/var/lib/cni/networks'], root: 'node' },
    ],
    owners: false,
  };
}

/** Runtimes without `ls` on the node leave the lists unknown. */
export function cniFiles(messages: readonly AgentMessage[]): Fact<CniFiles> {
  const output = (name: string) => messages.find((m) => m.type === 'command' && m.name === name);
  const plugins = output('cni-plugins');
  const names = output('cni-configurations');
  if (plugins?.type !== 'command' || names?.type !== 'command')
    return unknown('the node has no program that lists /etc/cni/net.d and /opt/cni/bin');
  const contents = new Map(
    messages.flatMap((m) =>
      m.type === 'file' && m.path.startsWith(`${ROOT}/etc/cni/net.d/`)
        ? [[m.path.slice(`${ROOT}/etc/cni/net.d/`.length), m.text]]
        : [],
    ),
  );
  const run = output('cni-run');
  const reservations = output('cni-reservations');
  return known({
    configurations: lines(names.stdout).map((name) => ({ name, ...typesOf(contents.get(name)) })),
    plugins: lines(plugins.stdout),
    dhcpSocket: run?.type === 'command' && lines(run.stdout).includes('dhcp.sock'),
    reservations: reservations?.type === 'command' ? parseReservations(reservations.stdout) : [],
  });
}

/** System vendor and product (DMI), which tell a virtual machine. */
export function vendorOf(messages: readonly AgentMessage[]): Fact<string> {
  const texts = messages.flatMap((m) =>
    m.type === 'file' && m.path.startsWith('/sys/class/dmi/id/') ? [m.text.trim()] : [],
  );
  return texts.length === 0 ? unknown('the node shows no DMI table') : known(texts.join(' '));
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function typesOf(text: string | undefined): { type: string; plugins: string[] } {
  try {
    const json: unknown = JSON.parse(text ?? '');
    if (!isObject(json)) return { type: '', plugins: [] };
    const plugins = Array.isArray(json.plugins) ? json.plugins.filter(isObject).map((p) => String(p.type ?? '')) : [];
    return { type: String(json.type ?? plugins[0] ?? ''), plugins };
  } catch {
    return { type: '', plugins: [] };
  }
}

/** `ls -R`: a line `DIRECTORY:` and the files in it, named by their address (IPv6 with `:` as `_` in some versions). */
function parseReservations(text: string): { network: string; address: string }[] {
  let network = '';
  const found: { network: string; address: string }[] = [];
  for (const line of lines(text)) {
    const directory = /^\/var\/lib\/cni\/networks\/?(.*):$/.exec(line);
    if (directory !== null) network = directory[1] ?? '';
    else if (/^\d+\.\d+\.\d+\.\d+$/.test(line)) found.push({ network, address: line });
  }
  return found;
}
