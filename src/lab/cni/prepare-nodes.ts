/** Sets the nodes up for pods: CNI plugins, the runtime's configuration, and the data plane of the pod network. */
import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../host/child.ts';
import type { Node, Places } from '../place.ts';
import { type DataPlane, dataPlane } from './data-planes.ts';
import { pathOf, writeOn } from './node-files.ts';
import { findPlugins, PLUGIN_FOLDER } from './plugins.ts';
import { CONFIG_FOLDER } from './runtime-config.ts';

/** Plugins that the daemon carries out itself; the files are what operators (and kmcast) look for. */
const OWN = ['flannel', 'multus'];

/** What every node of Kubernetes must have switched on; the former exists where the kernel has br_netfilter. */
const SWITCHES = `
set -e
cd /proc/sys/net
[ ! -e bridge/bridge-nf-call-iptables ] || echo 1 > bridge/bridge-nf-call-iptables
echo 1 > ipv4/ip_forward
`;

/** Rejects with a sentence where this machine has no plugins, and with the program's words where a program fails. */
export async function prepareNodes(places: Places): Promise<void> {
  const plugins = findPlugins();
  await Promise.all(places.nodes.map((node) => prepareNode(node, places, plugins)));
  if (places.podNetwork === 'flat') await joinBridges(places.nodes);
}

async function prepareNode(node: Node, places: Places, plugins: string): Promise<void> {
  const plane = dataPlane(places.podNetwork, node, places.nodes);
  await Promise.all([
    node.run(['sh', '-c', SWITCHES + planeScript(plane)]),
    putPlugins(node, plugins),
    putConfigurations(node, plane),
  ]);
}

function planeScript(plane: DataPlane): string {
  const fed = (program: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${program} <<'END'\n${lines.join('\n')}\nEND\n`;
  const nat = fed('iptables-restore --noflush', ['*nat', ...plane.nat, 'COMMIT']);
  // Without iptables, hosts outside of the cluster cannot answer pods, and nothing else is lost.
  return [
    fed('ip -batch -', plane.ip),
    fed('bridge -batch -', plane.bridge),
    `if command -v iptables-restore >/dev/null; then\n${nat}fi\n`,
  ].join('');
}

async function putConfigurations(node: Node, { config, files }: DataPlane): Promise<void> {
  const path = `${CONFIG_FOLDER}/${config.name}`;
  const meta = {
    cniVersion: '0.3.1',
    name: 'multus-cni-network',
    type: 'multus',
    clusterNetwork: path,
    namespaceIsolation: false,
  };
  const all = { ...files, [path]: pretty(config.json), [`${CONFIG_FOLDER}/00-multus.conf`]: pretty(meta) };
  await Promise.all(Object.entries(all).map(([file, text]) => writeOn(node, file, text)));
}

function pretty(json: object): string {
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

async function putPlugins(node: Node, source: string): Promise<void> {
  const folder = pathOf(node, PLUGIN_FOLDER);
  await mkdir(folder, { recursive: true });
  const names = (await readdir(source)).filter((name) => !OWN.includes(name));
  // On the node this machine's own folder of that name is out of sight: nothing can be linked to there.
  const put = source === PLUGIN_FOLDER ? copyFile : symlink;
  const own = (name: string): string =>
    `#!/bin/sh\necho "the lab's runtime does the work of the plugin ${name} itself" >&2\nexit 1\n`;
  await Promise.all([
    ...names.map((name) => put(join(source, name), join(folder, name))),
    ...OWN.map((name) => writeFile(join(folder, name), own(name), { mode: 0o755 })),
  ]);
}

/** A flat pod network's cables: the first node's cni0 is in the middle, every other one has a veth to it. */
async function joinBridges([hub, ...others]: readonly Node[]): Promise<void> {
  if (hub === undefined) return;
  // By pids of this pid namespace, which `ip` cannot resolve when it runs on a node.
  const on = (node: Node, lines: readonly string[]): Promise<string> =>
    run(['nsenter', '-t', String(node.pid), '-n', '--', 'ip', '-batch', '-'], `${lines.join('\n')}\n`);
  await on(
    hub,
    others.flatMap((other) => [
      `link add pods-${other.name} type veth peer name pods0 netns ${other.pid}`,
      `link set pods-${other.name} master cni0 up`,
    ]),
  );
  await Promise.all(others.map((other) => on(other, ['link set pods0 master cni0 up'])));
}
