import type { KubeObject, ResourceName } from '../object.ts';
import { customResources } from './custom-resources.ts';
import { badRequest } from './errors.ts';
import { apiVersionOf, builtinResource } from './resources.ts';

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What apiVersion and kind a new object gets: of the table, of a CustomResourceDefinition, or else its own. */
export class KindTable {
  readonly #definition: (name: string) => KubeObject | undefined;

  constructor(definition: (name: string) => KubeObject | undefined) {
    this.#definition = definition;
  }

  /** Throws StatusError 400 where nobody says it. */
  of(resource: ResourceName, object: Partial<KubeObject>): Kind {
    const known = builtinResource(resource) ?? this.#custom(resource, object.apiVersion);
    if (known !== undefined) return { ...known, apiVersion: apiVersionOf(known) };
    const { apiVersion, kind, metadata } = object;
    if (apiVersion === undefined || kind === undefined) throw badRequest(`${resource}: apiVersion and kind are needed`);
    return { apiVersion, kind, namespaced: metadata?.namespace !== undefined };
  }

  #custom(resource: ResourceName, apiVersion: string | undefined) {
    const definition = this.#definition(resource);
    if (definition === undefined) return undefined;
    const served = customResources(definition);
    return served.find((version) => apiVersionOf(version) === apiVersion) ?? served[0];
  }
}
