/** The configuration that a NetworkAttachmentDefinition stands for, found as Multus finds it, with its words where it is wrong. */
import { isObject, type Json } from '../../model/nad.ts';
import { NADS } from '../nad-definition.ts';
import type { Node } from '../place.ts';
import type { Store } from '../store.ts';
import { type NetworkConfig, parseConfig } from './cni-config.ts';
import { goTypeOf, parseGoJson } from './go-json.ts';
import { listOn, readOn } from './node-files.ts';
import type { Selection } from './selections.ts';

/** Where definitions without a configuration of their own find one, by its name. */
const FOLDER = '/etc/cni/multus/net.d';

/** There is no such object: the one failure that Multus also reports as an event of its own. */
export class DefinitionMissing extends Error {}

/** With the pod's cni-args in it. */
export async function attachmentConfig(store: Store, node: Node, selection: Selection): Promise<NetworkConfig> {
  const { namespace, name } = selection;
  const nad = store.get(NADS, namespace, name);
  if (nad === undefined) {
    throw new DefinitionMissing(
      `cannot find a network-attachment-definition (${name}) in namespace (${namespace}): ${NADS} "${name}" not found`,
    );
  }
  const spec: unknown = nad.spec;
  const text = isObject(spec) && typeof spec.config === 'string' ? spec.config : '';
  const json = text === '' ? await fromNode(node, name) : fromSpec(text);
  const named: Json = { ...json, name: json.name === undefined || json.name === '' ? name : json.name };
  requireType(named);
  return parseConfig(JSON.stringify(withArguments(named, selection.cniArgs)));
}

function fromSpec(text: string): Json {
  const failed = (why: string) =>
    new Error(`GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: ${why}`);
  let json: unknown;
  try {
    json = parseGoJson(text);
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
  if (isObject(json)) return json;
  throw failed(`json: cannot unmarshal ${goTypeOf(json)} into Go value of type map[string]interface {}`);
}

async function fromNode(node: Node, name: string): Promise<Json> {
  const failed = (why: string) => new Error(`GetCNIConfig: err in GetCNIConfigFromFile: ${why}`);
  const files = (await listOn(node, FOLDER)).filter((file) => /\.(conf|json|conflist)$/.test(file));
  if (files.length === 0) throw failed(`No networks found in ${FOLDER}`);
  for (const file of files) {
    try {
      const json = parseGoJson((await readOn(node, `${FOLDER}/${file}`)) ?? '');
      if (isObject(json) && json.name === name) return json;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw failed(`Error loading CNI config file ${FOLDER}/${file}: error parsing configuration: ${why}`);
    }
  }
  throw failed(`no network available in the name ${name} in cni dir ${FOLDER}`);
}

function requireType(json: Json): void {
  if (typeof json.type === 'string' && json.type !== '') return;
  const words = 'LoadDelegateNetConf: failed with: LoadDelegateNetConfList: ';
  if (!Array.isArray(json.plugins)) throw new Error(`${words}delegate must have the 'type' or 'plugin' field`);
  const [first] = json.plugins;
  if (!isObject(first) || typeof first.type !== 'string' || first.type === '') {
    throw new Error(`${words}a plugin delegate must have the 'type' field`);
  }
}

/** CNI conventions: `args.cni` of every plugin. */
function withArguments(json: Json, given: Json | undefined): Json {
  if (given === undefined) return json;
  const into = (plugin: Json): Json => {
    const args = isObject(plugin.args) ? plugin.args : {};
    return { ...plugin, args: { ...args, cni: { ...(isObject(args.cni) ? args.cni : {}), ...given } } };
  };
  return Array.isArray(json.plugins) ? { ...json, plugins: json.plugins.filter(isObject).map(into) } : into(json);
}
