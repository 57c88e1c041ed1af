import type { Link } from '../model/netns.ts';

/** Names of a namespace's interfaces by index. */
export type InterfaceNames = ReadonlyMap<number, string>;

/** The names of these links. */
export function namesOf(links: readonly Link[]): InterfaceNames {
  return new Map(links.map((link) => [link.index, link.name]));
}

/** The interface's name; one that is not listed is called `if7`, as iproute2 does. */
export function nameOf(names: InterfaceNames, index: number): string {
  return names.get(index) ?? `if${index}`;
}

/** Links with their parents' names, and `M-DOWN` where the parent in the same namespace is not up (iproute2's ipaddress.c). */
export function withParents(links: readonly Link[]): Link[] {
  const byIndex = new Map(links.map((link) => [link.index, link]));
  return links.map((link) => {
    if (link.parentIndex === undefined || link.parentNetns !== undefined) return link;
    const parent = byIndex.get(link.parentIndex);
    if (parent === undefined) return link;
    const down = !parent.flags.includes('UP') && !link.flags.includes('M-DOWN');
    return { ...link, parent: parent.name, flags: down ? [...link.flags, 'M-DOWN'] : link.flags };
  });
}
