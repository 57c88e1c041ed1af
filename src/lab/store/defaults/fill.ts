/** Tools of defaulting. Odd input is left as it is: validation speaks of it. */
import type { KubeObject } from '../../object.ts';

/** A part of an object; its kind's reference says what is in it. */
export type Part = KubeObject[string];

/** Sets what is absent. */
export function fill(target: Part, defaults: Readonly<Record<string, unknown>>): void {
  if (!isPart(target)) return;
  for (const [field, value] of Object.entries(defaults)) if (target[field] === undefined) target[field] = value;
}

/** The objects of a list; none when it is not a list. */
export function each(list: unknown): Part[] {
  return Array.isArray(list) ? list.filter(isPart) : [];
}

export function isPart(value: unknown): value is Record<string, Part> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
