/** Rows of services and what belongs to them. */
import type { KubeObject } from '../../object.ts';
import { each, type Part } from '../../store/defaults/fill.ts';
import { columns, type TableKind } from './columns.ts';
import { since } from './duration.ts';
import { labels, NONE, selector } from './text.ts';

export const serviceTable: TableKind = {
  columns: columns('Name|Type|Cluster-IP|External-IP|Port(s)|Age||Selector'),
  cells: (service, now) => [
    service.metadata.name,
    service.spec?.type ?? '',
    service.spec?.clusterIP || NONE,
    externalAddress(service),
    each(service.spec?.ports).map(port).join(',') || NONE,
    since(service.metadata.creationTimestamp, now),
    labels(service.spec?.selector),
  ],
};

export const endpointsTable: TableKind = {
  columns: columns('Name|Endpoints|Age'),
  cells: ({ metadata, subsets }, now) => [
    metadata.name,
    shortened(
      each(subsets).flatMap(({ addresses, ports }) => {
        const hosts = each(addresses).map(({ ip }) => ip);
        return each(ports).length === 0
          ? hosts
          : each(ports).flatMap(({ port: number }) => hosts.map((host) => `${host}:${number}`));
      }),
      '',
    ),
    since(metadata.creationTimestamp, now),
  ],
};

export const endpointSliceTable: TableKind = {
  columns: columns('Name|AddressType|Ports|Endpoints|Age'),
  cells: ({ metadata, addressType, ports, endpoints }, now) => [
    metadata.name,
    addressType,
    shortened(
      each(ports).map(({ port: number, name }) => String(number ?? name ?? '*')),
      '<unset>',
    ),
    shortened(
      each(endpoints).flatMap(({ addresses }) => (Array.isArray(addresses) ? addresses : [])),
      '<unset>',
    ),
    since(metadata.creationTimestamp, now),
  ],
};

export const networkPolicyTable: TableKind = {
  columns: columns('Name|Pod-Selector|Age'),
  cells: ({ metadata, spec }, now) => [
    metadata.name,
    selector(spec?.podSelector),
    since(metadata.creationTimestamp, now),
  ],
};

export const ingressTable: TableKind = {
  columns: columns('Name|Class|Hosts|Address|Ports|Age'),
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    spec?.ingressClassName ?? NONE,
    each(spec?.rules)
      .map(({ host }) => host || '*')
      .join(',') || '*',
    each(status?.loadBalancer?.ingress)
      .map(({ ip, hostname }) => ip ?? hostname)
      .join(','),
    each(spec?.tls).length > 0 ? '80, 443' : '80',
    since(metadata.creationTimestamp, now),
  ],
};

function externalAddress({ spec, status }: KubeObject): string {
  const external = Array.isArray(spec?.externalIPs) ? spec.externalIPs.join(',') : '';
  if (spec?.type === 'ExternalName') return spec.externalName ?? NONE;
  if (spec?.type !== 'LoadBalancer') return external || NONE;
  const given = each(status?.loadBalancer?.ingress).map(({ ip, hostname }) => ip ?? hostname);
  return [...given, ...(external === '' ? [] : [external])].join(',') || '<pending>';
}

function port({ port: number, nodePort, protocol }: Part): string {
  return nodePort ? `${number}:${nodePort}/${protocol}` : `${number}/${protocol}`;
}

/** The first three, and how many more. */
function shortened(all: readonly string[], none: string): string {
  if (all.length === 0) return none || NONE;
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown;
}
