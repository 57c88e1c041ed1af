/** Reads what `ip -j` and `bridge -j` print, without trust in it: members that are missing or of another type are `undefined`. */

/** A JSON object of unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The objects of a JSON list. iproute2 prints nothing at all for an empty list in some versions.
 * @returns `undefined` when the text is no JSON list: a version without `-j` (busybox, iproute2 before 4.13), say.
 */
export function objectsOf(text: string): JsonObject[] | undefined {
  if (text.trim() === '') return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

/** A member that is text. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a finite number. */
export function numberAt(object: JsonObject | undefined, name: string): number | undefined {
  const value = object?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A member that is a number, or its text in decimal or (with 0x) hexadecimal: iproute2 prints both. */
export function numeralAt(object: JsonObject, name: string): number | undefined {
  const value = textAt(object, name);
  if (value === undefined) return numberAt(object, name);
  return /^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : undefined;
}

/** A member that is an object. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isObject(value) ? value : undefined;
}

/** The objects of a member that is a list. */
export function objectsAt(object: JsonObject, name: string): JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of a member that is a list. */
export function textsAt(object: JsonObject, name: string): string[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
