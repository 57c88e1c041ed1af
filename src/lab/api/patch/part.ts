/** JSON values, as patches treat them. */
export type Json = null | boolean | number | string | Json[] | JsonMap;
export interface JsonMap {
  [field: string]: Json;
}

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
