import type { KubeObject } from '../../object.ts';
import { each, isPart } from '../../store/defaults/fill.ts';
import type { Cause } from '../../store/errors.ts';
import { required, unsupported, wrong } from './words.ts';

export function validateService({ spec }: KubeObject): Cause[] {
  const ports = each(spec?.ports);
  if (ports.length === 0 && spec?.type !== 'ExternalName' && spec?.clusterIP !== 'None')
    return [required('spec.ports')];
  return ports.flatMap(({ name, port }, at) => [
    ...(ports.length > 1 && !name ? [required(`spec.ports[${at}].name`)] : []),
    ...(Number.isInteger(port) && port > 0 && port < 65536
      ? []
      : [wrong(`spec.ports[${at}].port`, port ?? 0, 'must be between 1 and 65535, inclusive')]),
  ]);
}

/** Config maps and secrets. */
export function validateKeys({ data }: KubeObject): Cause[] {
  if (!isPart(data)) return [];
  return Object.keys(data).flatMap((key) =>
    /^[-._a-zA-Z0-9]+$/.test(key)
      ? []
      : [
          wrong(
            `data[${key}]`,
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
          ),
        ],
  );
}

/** Role bindings; those of the cluster refer to cluster roles only. */
export function validateBinding({ kind, roleRef }: KubeObject): Cause[] {
  const kinds = kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  return [
    ...(kinds.includes(roleRef?.kind) ? [] : [unsupported('roleRef.kind', roleRef?.kind ?? '', kinds)]),
    ...(roleRef?.name ? [] : [required('roleRef.name')]),
  ];
}

export function validateDefinition({ metadata, spec }: KubeObject): Cause[] {
  const causes: Cause[] = [];
  for (const field of ['group', 'scope'] as const) if (!spec?.[field]) causes.push(required(`spec.${field}`));
  for (const field of ['plural', 'kind'] as const)
    if (!spec?.names?.[field]) causes.push(required(`spec.names.${field}`));
  if (each(spec?.versions).length === 0) causes.push(required('spec.versions'));
  const name = `${spec?.names?.plural}.${spec?.group}`;
  if (causes.length === 0 && metadata.name !== name) {
    causes.push(wrong('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  return causes;
}
