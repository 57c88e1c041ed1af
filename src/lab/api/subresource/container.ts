import type { KubeObject } from '../../object.ts';
import { each } from '../../store/defaults/fill.ts';
import { badRequest } from '../../store/errors.ts';

/** The container that a request is about, as the API server chooses and refuses. Throws StatusError 400. */
export function containerOf({ metadata, spec }: KubeObject, wanted: string | null): string {
  const named = (list: string): string[] => each(spec[list]).map(({ name }) => String(name));
  const main = named('containers');
  const initial = named('initContainers');
  const debugging = named('ephemeralContainers');
  if (wanted !== null && wanted !== '') {
    if ([...main, ...initial, ...debugging].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${metadata.name}`);
  }
  const [only] = main;
  if (only !== undefined && main.length === 1) return only;
  const others = [
    main.length === 0 ? '' : `, choose one of: [${main.join(' ')}]`,
    initial.length === 0 ? '' : ` or one of the init containers: [${initial.join(' ')}]`,
    debugging.length === 0 ? '' : ` or one of the ephemeral containers: [${debugging.join(' ')}]`,
  ];
  throw badRequest(`a container name must be specified for pod ${metadata.name}${others.join('')}`);
}
