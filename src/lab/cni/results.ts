/** What was attached, in libcni's cache on the node (/var/lib/cni/results): DEL reads there what to undo. */
import { isObject, type Json } from '../../model/nad.ts';
import type { Node } from '../place.ts';
import type { Attachment } from './attachment.ts';
import { type CniResult, parseConfig } from './cni-config.ts';
import { listOn, readOn, removeOn, writeOn } from './node-files.ts';

const FOLDER = '/var/lib/cni/results';
const KIND = 'cniCacheV1';

/** An attachment as it was carried out. */
export interface Cached {
  readonly attachment: Attachment;
  readonly result: CniResult;
}

export async function saveResult(attachment: Attachment, result: CniResult): Promise<void> {
  const { config } = attachment;
  const written = config.isList
    ? { cniVersion: config.cniVersion, name: config.name, plugins: config.plugins }
    : { ...config.plugins[0], name: config.name };
  await writeOn(
    attachment.node,
    fileOf(attachment),
    JSON.stringify({
      kind: KIND,
      containerId: attachment.containerId,
      config: Buffer.from(JSON.stringify(written)).toString('base64'),
      ifName: attachment.ifname,
      networkName: config.name,
      netns: attachment.netns,
      cniArgs: attachment.args,
      capabilityArgs: attachment.capabilities,
      result,
    }),
  );
}

/** All attachments of a sandbox, in no particular order. Files that are not of this kind are passed over. */
export async function savedResults(node: Node, containerId: string): Promise<Cached[]> {
  const names = (await listOn(node, FOLDER)).filter((name) => name.includes(`-${containerId}-`));
  const texts = await Promise.all(names.map((name) => readOn(node, `${FOLDER}/${name}`)));
  return texts.map((text) => parse(node, text ?? '')).filter((cached) => cached !== undefined);
}

export async function forgetResult(attachment: Attachment): Promise<void> {
  await removeOn(attachment.node, fileOf(attachment));
}

function fileOf({ config, containerId, ifname }: Attachment): string {
  return `${FOLDER}/${config.name}-${containerId}-${ifname}`;
}

function parse(node: Node, text: string): Cached | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (!isObject(json) || json.kind !== KIND) return undefined;
    const args = Array.isArray(json.cniArgs) ? json.cniArgs : [];
    return {
      attachment: {
        node,
        config: parseConfig(Buffer.from(String(json.config), 'base64').toString()),
        containerId: String(json.containerId),
        netns: String(json.netns),
        ifname: String(json.ifName),
        args: args.map((pair: unknown) => (Array.isArray(pair) ? [String(pair[0]), String(pair[1])] : ['', ''])),
        capabilities: isObject(json.capabilityArgs) ? (json.capabilityArgs as Json) : {},
        folders: [],
      },
      result: isObject(json.result) ? json.result : {},
    };
  } catch {
    return undefined;
  }
}
