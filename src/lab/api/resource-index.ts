import { customResources } from '../store/custom-resources.ts';
import { apiVersionOf, RESOURCES, type Resource } from '../store/resources.ts';
import type { Store } from '../store.ts';

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/** Groups that have nothing stored, only questions to ask. */
const REVIEW_GROUPS = ['authentication.k8s.io/v1', 'authorization.k8s.io/v1'];

/** The resources that are served: those of the table, and those that CustomResourceDefinitions add, as long as they exist. */
export class ResourceIndex {
  readonly #store: Store;
  #custom: readonly Resource[] = [];
  #version = '';

  constructor(store: Store) {
    this.#store = store;
  }

  all(): readonly Resource[] {
    return [...RESOURCES, ...this.#customNow()];
  }

  find(apiVersion: string, plural: string): Resource | undefined {
    return this.all().find((resource) => resource.plural === plural && apiVersionOf(resource) === apiVersion);
  }

  /** `v1`, `apps/v1` …: the core first, then in the order of the table. */
  apiVersions(): string[] {
    return [...new Set([...this.all().map(apiVersionOf), ...REVIEW_GROUPS])];
  }

  #customNow(): readonly Resource[] {
    if (this.#version !== this.#store.version) {
      this.#custom = this.#store.list(DEFINITIONS).flatMap(customResources);
      this.#version = this.#store.version;
    }
    return this.#custom;
  }
}
