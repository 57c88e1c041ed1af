/** Manifests of NetworkAttachmentDefinitions, as `kubectl apply -f -` takes them. */
import { Document, Scalar, stringify } from 'yaml';
import type { Json } from '../model/nad.ts';

export interface NadManifest {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config: Json;
}

/** YAML with the configuration as readable JSON in a block. */
export function nadManifest(nad: NadManifest): string {
  const document = new Document({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      name: nad.name,
      namespace: nad.namespace,
      ...(nad.labels === undefined || Object.keys(nad.labels).length === 0 ? {} : { labels: nad.labels }),
      ...(nad.annotations === undefined || Object.keys(nad.annotations).length === 0
        ? {}
        : { annotations: nad.annotations }),
    },
    spec: {},
  });
  const config = new Scalar(configText(nad.config));
  config.type = Scalar.BLOCK_LITERAL;
  document.setIn(['spec', 'config'], config);
  return stringify(document, { lineWidth: 0 });
}

/** JSON, two spaces, with small objects on one line: a route is read as one. */
export function configText(config: Json): string {
  return `${render(config, '')}\n`;
}

function render(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= 76) return oneLine(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + render(item, inner)).join(',\n')}\n${indent}]`;
  const fields = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${render(item, inner)}`);
  return `{\n${fields.join(',\n')}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`)
    .join(', ')}}`;
}
