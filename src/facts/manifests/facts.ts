/** What only files show: objects and settings that no look at a pod would find. One part of the snapshot. */

export interface ManifestFacts {
  /** As the operator named them; `-` is stdin. */
  readonly files: readonly string[];
  readonly objects: number;
  readonly services: readonly ServiceFacts[];
  readonly settings: readonly SettingFacts[];
  readonly discovery: readonly DiscoveryFacts[];
}

/** An object that brings unicast traffic somewhere: Service, Endpoints, EndpointSlice, a pool of a load balancer. */
export interface ServiceFacts {
  /** `rx.yaml:12`. */
  readonly at: string;
  /** `Service video/rx`. */
  readonly object: string;
  readonly headless: boolean;
  /** UDP ports, with their names. */
  readonly ports: readonly { readonly port: number; readonly name?: string }[];
  /** Groups that stand where an address is wanted, and the field. */
  readonly groups: readonly { readonly address: string; readonly field: string }[];
  /** Names in which somebody wrote that this is for multicast: the object's, a port's, an annotation's key. */
  readonly hints: readonly string[];
}

/** A setting of a network that has to do with multicast. Its value only where that is a switch, a number or an address. */
export interface SettingFacts {
  readonly at: string;
  /** `Helm values of cilium`, `ConfigMap kube-system/cilium-config`. */
  readonly object: string;
  readonly product: string;
  /** Set through the product's Helm chart. */
  readonly helm: boolean;
  /** By its own name, with dots between its parts. */
  readonly name: string;
  readonly value: string;
}

/** A library that is told to find its peers by multicast, or is known to do so by itself. */
export interface DiscoveryFacts {
  readonly at: string;
  readonly object: string;
  /** Where in the object: `environment of container app`, `key hazelcast.yaml`. */
  readonly source: string;
  readonly library: string;
  /** What was recognised, in kmcast's words: never the text itself. */
  readonly sign: string;
  /** The pod has a network on which multicast may work: a secondary one, or its node's. */
  readonly attached: boolean;
}
