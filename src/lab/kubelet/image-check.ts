/** What the kubelet says of an image: Pulled, or the reason why not (pkg/kubelet/images). */
import type { Node } from '../place.ts';
import { type Image, unpackImage } from './image.ts';
import type { Container } from './types.ts';

/** A container that waits: the reason and message of its state. */
export class Waiting extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Throws Waiting with ErrImageNeverPull or ErrImagePull. There is no registry: what is not on the node is nowhere. */
export async function imageFor(node: Node, container: Container): Promise<Image> {
  const image = await unpackImage(node, container.image);
  if (image !== undefined) return image;
  if (container.imagePullPolicy === 'Never') {
    const message = `Container image "${container.image}" is not present with pull policy of Never`;
    throw new Waiting('ErrImageNeverPull', message);
  }
  const { host, path, tag } = reference(container.image);
  throw new Waiting(
    'ErrImagePull',
    `failed to pull and unpack image "${host}/${path}:${tag}": failed to resolve reference "${host}/${path}:${tag}": ` +
      `failed to do request: Head "https://${host}/v2/${path}/manifests/${tag}": dial tcp: lookup ${host}: no such host (the lab pulls nothing)`,
  );
}

/** How containerd completes a name. */
function reference(image: string): { host: string; path: string; tag: string } {
  const tagAt = image.lastIndexOf(':');
  const tagged = tagAt > image.lastIndexOf('/');
  const name = tagged ? image.slice(0, tagAt) : image;
  const tag = tagged ? image.slice(tagAt + 1) : 'latest';
  const [first = '', ...rest] = name.split('/');
  if (rest.length > 0 && /[.:]|^localhost$/.test(first)) return { host: first, path: rest.join('/'), tag };
  return { host: 'docker.io', path: rest.length > 0 ? name : `library/${name}`, tag };
}
