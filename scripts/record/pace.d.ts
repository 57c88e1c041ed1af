import type { Line } from './screen.js';
export function paced(lines: readonly Line[]): number[];
