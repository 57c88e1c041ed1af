/** The annotation k8s.v1.cni.cncf.io/network-status (multi-network specification v1.3 §5), laid out as Multus writes it. */
import { addressesOf, type CniResult } from './cni-config.ts';

export interface Attached {
  /** `NAMESPACE/NAME` of the attachment, for eth0 the name in the configuration. */
  readonly name: string;
  readonly ifname: string;
  readonly isDefault: boolean;
  readonly result: CniResult;
}

/** The whole annotation. A network without interfaces and addresses has no entry. */
export function networkStatus(networks: readonly Attached[]): string {
  const entries = networks.filter(({ result }) => madeSomething(result)).map(entryOf);
  return `[${entries.map((entry) => JSON.stringify(entry, undefined, 4)).join(',')}]`;
}

/** Some plugins (tuning, sbr) only change what is there. */
export function madeSomething(result: CniResult): boolean {
  return result.interfaces !== undefined || addressesOf(result).length > 0;
}

function entryOf({ name, isDefault, result }: Attached): object {
  const made = result.interfaces?.findLast((one) => (one.sandbox ?? '') !== '');
  const ips = addressesOf(result).map((address) => address.replace(/\/.*/, ''));
  const gateways = (result.routes ?? [])
    .filter((route) => route.dst === '0.0.0.0/0' || route.dst === '::/0')
    .map((route) => route.gw ?? result.ips?.[0]?.gateway)
    .filter((gateway) => gateway !== undefined);
  return {
    name,
    ...(made?.name === undefined ? {} : { interface: made.name }),
    ...(ips.length === 0 ? {} : { ips }),
    ...(made?.mac === undefined ? {} : { mac: made.mac }),
    ...(isDefault ? { default: true } : {}),
    dns: result.dns ?? {},
    ...(gateways.length === 0 ? {} : { gateway: gateways }),
  };
}
