import { readFileSync } from 'node:fs';

/** Whether this user namespace has more than one uid (user_namespaces(7), uid_map: inside, outside, length). */
export function hasManyUsers(): boolean {
  return readFileSync('/proc/self/uid_map', 'utf8')
    .trim()
    .split('\n')
    .some((line) => Number(line.trim().split(/\s+/)[2]) > 1);
}
