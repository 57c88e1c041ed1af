/** YAML and JSON files as documents, with the lines that their values stand on. */
import { isNode, LineCounter, parseAllDocuments } from 'yaml';
import { isObject, type Json } from '../../model/nad.ts';

export interface ManifestFile {
  /** As the operator named it. */
  readonly name: string;
  readonly text: string;
}

type Path = readonly (string | number)[];

export interface ManifestDocument {
  readonly file: string;
  readonly json: Json;
  /** `rx.yaml:12`: where the value at the path stands, or the nearest that is there. */
  readonly at: (...path: Path) => string;
}

/** A file that cannot be read as YAML. */
export interface BadFile {
  /** `rx.yaml:12`. */
  readonly at: string;
  readonly problem: string;
}

/** The maps of a file, those inside of Lists each by itself; comments and scalars are left out. */
export function readDocuments({ name, text }: ManifestFile): ManifestDocument[] | BadFile {
  const lines = new LineCounter();
  const place = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const found: ManifestDocument[] = [];
  // Several documents give a list, an empty file an empty one with a stream's facts on it.
  for (const doc of parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, merge: true })) {
    if (!('contents' in doc)) break;
    const [error] = doc.errors;
    if (error !== undefined) return { at: place(error.pos[0]), problem: error.message.split('\n')[0] ?? '' };
    let json: unknown;
    try {
      json = doc.toJS();
    } catch (cause) {
      return { at: place(doc.range[0]), problem: cause instanceof Error ? cause.message : String(cause) };
    }
    if (!isObject(json)) continue;
    const at = (...path: Path): string => {
      for (let length = path.length; length >= 0; length--) {
        const node = length === 0 ? doc.contents : doc.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return place(node.range[0]);
      }
      return name;
    };
    found.push(...items({ file: name, json, at }));
  }
  return found;
}

function items(document: ManifestDocument): ManifestDocument[] {
  const { file, json, at } = document;
  if (typeof json.kind !== 'string' || !json.kind.endsWith('List') || !Array.isArray(json.items)) return [document];
  return json.items.flatMap((item, i) =>
    isObject(item) ? items({ file, json: item, at: (...path) => at('items', i, ...path) }) : [],
  );
}
