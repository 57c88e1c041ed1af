/** Loss that is tolerated, as the operator writes it. */

/** So many datagrams, or so large a share of those sent. */
export type LossLimit = { readonly datagrams: number } | { readonly share: number };

/** `3` (datagrams) or `0.5%`. @returns undefined for anything else. */
export function parseLossLimit(text: string): LossLimit | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const value = Number(match?.[1]);
  if (match === null || (match[2] === '%' ? value > 100 : !Number.isInteger(value))) return undefined;
  return match[2] === '%' ? { share: value / 100 } : { datagrams: value };
}

/** Whether `lost` of `expected` datagrams are more than the limit. */
export function exceeds(limit: LossLimit, lost: number, expected: number): boolean {
  return 'share' in limit ? lost > limit.share * expected : lost > limit.datagrams;
}
