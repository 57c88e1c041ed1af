/**
 * What a meta-plugin refuses in the networks annotation (Multus pkg/k8sclient parsePodNetworkAnnotation, pkg/multus validateIfName),
 * and how the text reads when only that is mended.
 */
import { mendJson } from './mend-json.ts';
import { isObject, type Json, withoutField } from './nad.ts';

export interface AnnotationFault {
  /** A sentence part. */
  readonly what: string;
  /** The annotation without that fault, where it can be told what was meant. */
  readonly mended?: string;
}

/** Names of attachments by namespace, as `namespace/name`; what was meant may be among them. */
type Known = readonly string[];

/** @returns `undefined` for an annotation that can be read, also when it names networks that do not exist. */
export function annotationFault(
  annotation: string,
  podNamespace: string,
  primary: string,
  known: Known,
): AnnotationFault | undefined {
  const text = annotation.trim();
  if (text === '') return undefined;
  const look: Look = { podNamespace, primary, known };
  return /[[{"]/.test(text) ? longFault(text, look) : shortFault(text, look);
}

interface Look {
  readonly podNamespace: string;
  readonly primary: string;
  readonly known: Known;
}

/** A JSON list: Multus takes a text for one as soon as it has a bracket, a brace or a double quote. */
function longFault(text: string, look: Look): AnnotationFault | undefined {
  const readable = mendJson(text);
  let what: string | undefined;
  try {
    if (!Array.isArray(JSON.parse(text))) what = 'the JSON is not a list';
  } catch (error) {
    what = `invalid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (readable === undefined) return { what: what ?? 'invalid JSON' };
  const value: unknown = JSON.parse(readable);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const items = list.map((item) => (isObject(item) ? mendItem(item, look) : { what: 'an entry is not an object' }));
  const first = what ?? items.find((item) => item.what !== undefined)?.what;
  if (first === undefined) return duplicate(list.filter(isObject), look);
  const mended = items.flatMap((item) => ('json' in item && item.json !== undefined ? [item.json] : []));
  return mended.length === list.length ? { what: first, mended: JSON.stringify(mended) } : { what: first };
}

interface Mended {
  readonly what?: string;
  readonly json?: Json;
}

/** One entry of the list. Without `json`, what was meant cannot be told. */
function mendItem(item: Json, look: Look): Mended {
  const { name, interface: ifname, mac } = item;
  if (typeof name !== 'string' || name === '') {
    const own = look.known.filter((full) => full.startsWith(`${look.podNamespace}/`));
    const what = 'an entry has no "name"';
    return own.length === 1 ? { what, json: { ...item, name: own[0]!.split('/')[1] } } : { what };
  }
  const slash = name.indexOf('/');
  if (slash > 0)
    return {
      what: `"name" is ${name}: a namespace stands in "namespace"`,
      json: { ...item, namespace: name.slice(0, slash), name: name.slice(slash + 1) },
    };
  const wrong = typeof ifname === 'string' ? interfaceFault(ifname, look.primary) : undefined;
  if (wrong !== undefined) return { what: wrong, json: withoutField(item, 'interface') };
  if (typeof mac === 'string' && mac !== '' && !isStationMac(mac))
    return { what: `"mac" is ${mac}, which is no MAC address of an interface`, json: withoutField(item, 'mac') };
  return { json: item };
}

/** Two entries with one interface name: the second cannot be made. */
function duplicate(items: readonly Json[], look: Look): AnnotationFault | undefined {
  const names = items.map((item, i) => (typeof item.interface === 'string' ? item.interface : `net${i + 1}`));
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice < 0 || look.podNamespace === '') return undefined;
  return {
    what: `two networks are to be ${names[twice]}`,
    mended: JSON.stringify(items.map((item, i) => (i === twice ? withoutField(item, 'interface') : item))),
  };
}

/** `[namespace/]name[@interface], …` */
function shortFault(text: string, look: Look): AnnotationFault | undefined {
  const items = text.split(',').map((item) => item.trim());
  const faults = items.map((item) => itemFault(item, look));
  const [what] = faults.filter((fault) => fault !== undefined);
  if (what === undefined) return undefined;
  const mended = text
    .split(/[,;\s]+/)
    .filter((item) => item !== '')
    .map((item) => mendShort(item, look));
  return mended.every((item) => item !== undefined) ? { what, mended: mended.join(',') } : { what };
}

/** RFC 1123 label, as Multus asks of each part. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function itemFault(item: string, look: Look): string | undefined {
  if (item === '') return 'an entry between commas is empty';
  const { namespace, name, ifname } = partsOf(item);
  const odd = [namespace, name].find((part) => part !== undefined && !LABEL.test(part));
  if (odd !== undefined) return `"${odd}" is no name (lower-case letters, digits and "-" alone; a comma between two)`;
  return ifname === undefined ? undefined : interfaceFault(ifname, look.primary);
}

function partsOf(item: string) {
  const [path = '', ...rest] = item.split('@');
  const parts = path.split('/');
  return {
    namespace: parts.length > 1 ? parts.slice(0, -1).join('/') : undefined,
    name: parts.at(-1) ?? '',
    ifname: rest.length > 0 ? rest.join('@') : undefined,
  };
}

/** The entry in the letters that names have; `undefined` unless such an attachment is there. An interface name that cannot be goes. */
function mendShort(item: string, look: Look): string | undefined {
  const { namespace, name, ifname } = partsOf(item);
  const plain = (part: string) =>
    part
      .toLowerCase()
      .replace(/[_.]/g, '-')
      .replace(/[^-a-z0-9]/g, '');
  const place = namespace === undefined ? undefined : plain(namespace);
  const called = plain(name);
  if (!look.known.includes(`${place ?? look.podNamespace}/${called}`)) return undefined;
  const kept = ifname === undefined || interfaceFault(ifname, look.primary) !== undefined ? '' : `@${ifname}`;
  return `${place === undefined ? '' : `${place}/`}${called}${kept}`;
}

/** IFNAMSIZ is 16 with the closing zero (dev_valid_name in net/core/dev.c). */
function interfaceFault(name: string, primary: string): string | undefined {
  if (name === '' || name.length > 15 || /[/:\s]/.test(name) || name === '.' || name === '..')
    return `"${name}" can be no interface (at most 15 characters, no slash, no colon, no space)`;
  return name === primary || name === 'lo' ? `${name} is taken: every pod has it already` : undefined;
}

/** Six octets, and not a group's. */
function isStationMac(mac: string): boolean {
  const octets = mac.split(/[:-]/);
  return (
    octets.length === 6 &&
    octets.every((octet) => /^[0-9a-f]{2}$/i.test(octet)) &&
    Number.parseInt(octets[0]!, 16) % 2 === 0
  );
}
