/** Pieces of cells that several kinds show. */
import { each, isPart, type Part } from '../../store/defaults/fill.ts';

export const NONE = '<none>';

/** Names and images of a pod's or template's containers, with commas. */
export function containers(spec: Part): [string, string] {
  const all = each(spec?.containers);
  return [all.map(({ name }) => name).join(','), all.map(({ image }) => image).join(',')];
}

/** `a=b,c=d`. */
export function labels(map: unknown): string {
  if (!isPart(map) || Object.keys(map).length === 0) return NONE;
  return Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/** meta/v1 LabelSelector, as -l would say it. */
export function selector(value: Part): string {
  const expressions = each(value?.matchExpressions).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    const list = Array.isArray(values) ? values.join(',') : '';
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${list})`;
  });
  const equal = isPart(value?.matchLabels) ? labels(value.matchLabels).split(',') : [];
  const all = [...equal.filter((part) => part !== NONE), ...expressions];
  return all.length === 0 ? NONE : all.join(',');
}

export function count(...maps: readonly unknown[]): number {
  return maps.reduce((sum: number, map) => sum + (isPart(map) ? Object.keys(map).length : 0), 0);
}
