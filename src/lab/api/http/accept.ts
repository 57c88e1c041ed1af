import { StatusError } from '../../store.ts';

/** What the client wants to read: objects as they are, a Table, only their metadata, or groups in one document. */
export type Representation = 'object' | 'Table' | 'PartialObjectMetadata' | 'APIGroupDiscoveryList';

/** The first of the client's wishes that can be met; the lab speaks JSON only. Throws StatusError 406. */
export function wanted(accept: string | undefined): Representation {
  const wishes = (accept ?? '*/*').split(',').map((part) => part.trim());
  for (const wish of wishes) {
    const [type = '', ...parameters] = wish.split(';').map((part) => part.trim());
    if (!['application/json', '*/*', 'application/*', ''].includes(type)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return 'object';
    const version = parameters.find((parameter) => parameter.startsWith('v='))?.slice(2);
    if (as === 'APIGroupDiscoveryList' && version === 'v2') return as;
    if (version !== 'v1') continue;
    if (as === 'Table') return as;
    if (as.startsWith('PartialObjectMetadata')) return 'PartialObjectMetadata';
  }
  throw new StatusError(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
}
