/** Settings of pod networks that have to do with multicast: in their ConfigMaps, their custom resources, and Helm values in all their forms. */
import { parse } from 'yaml';
import { canonicalAddress, parsePrefix } from '../../model/address.ts';
import { isObject, type Json } from '../../model/nad.ts';
import type { ManifestDocument } from './documents.ts';
import type { SettingFacts } from './facts.ts';
import { leavesOf } from './leaves.ts';
import { describeObject, isGroupOrPrefix, type ManifestObject, mapAt, mapsIn, textsIn } from './object.ts';

const NAMES = /m(?:ulti)?cast|masquerade|masq|native-?routing/i;
const PRODUCTS = ['cilium', 'flannel', 'calico', 'antrea', 'tigera-operator'];
/** Keys at the top of a chart's values that no other chart of these has. */
const OWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  cilium: [
    'kubeProxyReplacement',
    'hubble',
    'tunnelProtocol',
    'routingMode',
    'k8sServiceHost',
    'extraConfig',
    'bgpControlPlane',
    'l2announcements',
    'ipv4NativeRoutingCIDR',
    'enableIPv4Masquerade',
    'socketLB',
    'endpointRoutes',
    'ipMasqAgent',
  ],
  flannel: ['podCidr', 'podCidrv6', 'flannel'],
  calico: ['installation', 'tigeraOperator', 'calicoctl', 'felixConfiguration'],
  antrea: ['trafficEncapMode', 'antreaProxy', 'noSNAT'],
};

/** Settings in an object of the cluster: a network's ConfigMap, its own resources, or a resource that installs its chart. */
export function settingsOf(object: ManifestObject): SettingFacts[] {
  if (object.kind === 'ConfigMap') return configMap(object);
  if (/(^|\.)projectcalico\.org\/|^operator\.tigera\.io\//.test(object.apiVersion)) return calico(object);
  return installs(object).flatMap(({ chart, values, path }) =>
    kept(values).map(({ name, value }) => ({
      at: object.at(...path),
      object: `Helm values of ${chart} in ${describeObject(object)}`,
      product: chart,
      helm: true,
      name,
      value,
    })),
  );
}

/** Settings in a file of Helm values: the network is told by its own keys, the key of a subchart, or the file's name. */
export function valuesOf(document: ManifestDocument): SettingFacts[] {
  const own = PRODUCTS.find(
    (product) =>
      (OWN_KEYS[product] ?? []).some((key) => key in document.json) ||
      new RegExp(product).test(document.file.replace(/^.*\//, '')),
  );
  const sub = PRODUCTS.filter((product) => product !== own && isObject(document.json[product]));
  const trees = [
    ...(own === undefined || (sub.length > 0 && own !== 'flannel') ? [] : [{ product: own, prefix: [] as string[] }]),
    ...sub.map((product) => ({ product, prefix: [product] })),
  ];
  return trees.flatMap(({ product, prefix }) =>
    kept(mapAt(document.json, ...prefix)).map(({ name, value, path }) => ({
      at: document.at(...prefix, ...path),
      object: `Helm values of ${product}`,
      product,
      helm: true,
      name,
      value,
    })),
  );
}

/** The chart that the object installs, with its values: K3s and RKE2 (HelmChart, HelmChartConfig), Flux, Argo CD. */
function installs({
  kind,
  apiVersion,
  name,
  spec,
}: ManifestObject): { chart: string; values: unknown; path: string[] }[] {
  const product = (text: unknown) => PRODUCTS.find((known) => typeof text === 'string' && text.includes(known));
  const found = (chart: string | undefined, values: unknown, path: string[]) =>
    chart === undefined ? [] : [{ chart, values: typeof values === 'string' ? parsed(values) : values, path }];
  if (apiVersion.startsWith('helm.cattle.io/'))
    return found(product(spec.chart) ?? product(name), spec.valuesContent, ['spec', 'valuesContent']);
  if (kind === 'HelmRelease')
    return found(product(mapAt(spec, 'chart', 'spec').chart) ?? product(name), spec.values, ['spec', 'values']);
  if (kind !== 'Application' || !apiVersion.startsWith('argoproj.io/')) return [];
  return [mapAt(spec, 'source'), ...mapsIn(spec.sources)].flatMap((source) => {
    const helm = mapAt(source, 'helm');
    const parameters = Object.fromEntries(mapsIn(helm.parameters).map(({ name: key, value }) => [String(key), value]));
    return [helm.valuesObject, helm.values, parameters].flatMap((values) =>
      found(product(source.chart), values, ['spec', 'source', 'helm']),
    );
  });
}

function configMap(object: ManifestObject): SettingFacts[] {
  const data = textsIn(object.json.data);
  const entries = Object.entries(data);
  const setting = (product: string, key: string, name: string, value: unknown): SettingFacts => ({
    at: object.at('data', key),
    object: describeObject(object),
    product,
    helm: false,
    name,
    value: shown(value),
  });
  if (object.name === 'cilium-config')
    return entries.flatMap(([key, value]) => (NAMES.test(key) ? [setting('cilium', key, key, value)] : []));
  if (object.name === 'ip-masq-agent')
    return entries.flatMap(([key, text]) =>
      kept(parsed(text)).map(({ name, value }) => setting('ip-masq-agent', key, name, value)),
    );
  const product = PRODUCTS.find((known) => object.name.includes(known));
  if (product !== 'flannel' && product !== 'calico' && object.name !== 'canal-config') return [];
  return entries.flatMap(([key, text]) => [
    ...(NAMES.test(key) ? [setting(product ?? 'flannel', key, key, text)] : []),
    ...kept(parsed(text)).map(({ name, value }) => setting(product ?? 'flannel', key, name, value)),
  ]);
}

/** Rules of Calico that let groups pass, and settings with multicast in their names. What denies, or is for hosts, is right. */
function calico(object: ManifestObject): SettingFacts[] {
  const { spec } = object;
  const forHosts =
    spec.applyOnForward === true ||
    spec.doNotTrack === true ||
    spec.preDNAT === true ||
    /host-endpoint/.test(String(spec.selector));
  if (forHosts) return [];
  return leavesOf(spec)
    .filter(({ path, value }) => {
      const rule = mapsIn(spec[String(path[0])])[Number(path[1])];
      return (
        !/^(Deny|Log)$/.test(String(rule?.action)) &&
        (isGroupOrPrefix(String(value)) || /multicast/i.test(path.join('.')))
      );
    })
    .map(({ path, value }) => ({
      at: object.at('spec', ...path),
      object: describeObject(object),
      product: 'calico',
      helm: false,
      name: path.join('.'),
      value: shown(value),
    }));
}

/** Leaves with multicast or masquerading in their names; an item of a list counts by the list's name. */
function kept(tree: unknown): { name: string; value: string; path: readonly (string | number)[] }[] {
  return leavesOf(tree)
    .filter(({ path }) => NAMES.test(path.join('.')))
    .map(({ path, value }) => ({
      name: path.filter((part) => typeof part === 'string').join('.'),
      value: shown(value),
      path,
    }));
}

/** Switches, numbers and addresses; anything else might be a secret. */
function shown(value: unknown): string {
  const text = String(value);
  const plain = /^(true|false|\d{1,6})$/i.test(text) || (parsePrefix(text) ?? canonicalAddress(text)) !== undefined;
  return plain ? text : '';
}

function parsed(text: string): Json {
  try {
    const value: unknown = parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
