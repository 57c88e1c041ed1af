/** Unpacking images on a node, and the kubelet's words about those it cannot have. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Node } from '../place.ts';
import { canonicalName, type Recipe, recipeOf } from './image-recipes.ts';
import { machineProgram } from './machine-programs.ts';
import { IMAGES, onNode } from './paths.ts';

/** A place of the machine that a container sees, read-only. Both absolute; `at` in the container. */
export interface Bind {
  readonly from: string;
  readonly at: string;
}

export interface Image {
  readonly id: string;
  readonly recipe: Recipe;
  /** In the order in which they are mounted. */
  readonly binds: readonly Bind[];
  /** Folders of programs outside of /usr, for PATH. */
  readonly path: readonly string[];
  /** Links at the container's root: `bin` → `usr/bin`. */
  readonly links: readonly { readonly at: string; readonly to: string }[];
}

/** Larger programs are bound instead of copied; bytes. */
const COPIED = 16 * 1024 * 1024;
const LIBRARIES = ['lib', 'lib64', 'lib32', 'libx32'];
const unpacked = new WeakMap<Node, Map<string, Promise<Image>>>();

/** The image on this node, unpacked at its first use; undefined where the lab has none of that name. */
export function unpackImage(node: Node, name: string): Promise<Image | undefined> {
  const recipe = recipeOf(name);
  if (recipe === undefined) return Promise.resolve(undefined);
  const images = unpacked.get(node) ?? new Map<string, Promise<Image>>();
  unpacked.set(node, images);
  const key = canonicalName(name);
  const image = images.get(key) ?? unpack(node, key, recipe);
  images.set(key, image);
  return image;
}

async function unpack(node: Node, name: string, recipe: Recipe): Promise<Image> {
  const id = `sha256:${createHash('sha256')
    .update(`${name} ${JSON.stringify(recipe)}`)
    .digest('hex')}`;
  const root = await rootLinks();
  if (recipe.programs === 'all') {
    const homes = ['python3', 'node'].flatMap((program) => machineProgram(program)?.prefix ?? []);
    const others = await present(['/etc/alternatives', '/etc/ssl', ...homes]);
    const binds = [{ from: '/usr', at: '/usr' }, ...root.binds, ...others];
    return { id, recipe, binds, links: root.links, path: homes.map((home) => `${home}/bin`) };
  }
  const binds = [...(await selection(node, `${IMAGES}/${basename(name)}`, recipe.programs)), ...root.binds];
  return { id, recipe, binds, links: root.links, path: [] };
}

/** The links of a merged /usr, and what is a folder of its own where /usr is not merged. */
async function rootLinks(): Promise<Pick<Image, 'binds' | 'links'>> {
  const binds: Bind[] = [];
  const links: { at: string; to: string }[] = [
    { at: '/bin', to: 'usr/bin' },
    { at: '/sbin', to: 'usr/sbin' },
  ];
  for (const name of LIBRARIES) {
    const to = await readlink(`/${name}`).catch(() => undefined);
    if (to !== undefined) links.push({ at: `/${name}`, to: to.replace(/^\//, '') });
    else binds.push(...(await present([`/${name}`])));
  }
  return { binds, links };
}

/** A /usr with these programs and all libraries. */
async function selection(node: Node, folder: string, programs: readonly string[]): Promise<Bind[]> {
  const bin = join(onNode(node, folder), 'bin');
  await mkdir(bin, { recursive: true });
  await symlink('bin', onNode(node, `${folder}/sbin`));
  const libraries = await present(LIBRARIES.map((name) => `/usr/${name}`));
  for (const { from } of libraries) await mkdir(onNode(node, folder + from.slice(4)), { recursive: true });
  const large: Bind[] = [];
  for (const name of programs) {
    const program = machineProgram(name);
    if (program === undefined) continue;
    const copy = join(bin, name);
    if (program.prefix !== undefined) {
      const { prefix } = program;
      if (prefix.startsWith('/usr/')) await mkdir(onNode(node, folder + prefix.slice(4)), { recursive: true });
      large.push({ from: prefix, at: prefix });
      await symlink(program.file, copy);
    } else if ((await stat(program.file)).size > COPIED) {
      await writeFile(copy, '');
      large.push({ from: program.file, at: `/usr/bin/${name}` });
    } else {
      await copyFile(program.file, copy, constants.COPYFILE_FICLONE);
    }
  }
  return [{ from: folder, at: '/usr' }, ...libraries, ...large];
}

async function present(paths: readonly string[]): Promise<Bind[]> {
  const found: Bind[] = [];
  for (const path of paths) {
    const kind = await stat(path).catch(() => undefined);
    if (kind?.isDirectory()) found.push({ from: path, at: path });
  }
  return found;
}
