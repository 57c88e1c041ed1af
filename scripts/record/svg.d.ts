import type { Line } from './screen.js';
export function svg(
  lines: readonly Line[],
  times: readonly number[],
  shape: { readonly columns: number; readonly rows: number; readonly title: string },
): string;
