/** What the packet filters of the target's namespace and of its node do to the group's datagrams and to membership reports. */
import type { Case } from './case.ts';

/** Whether a firewall keeps the target's membership reports from leaving. */
export function reportsBlocked(_c: Case): boolean {
  return false;
}
