/** A drill: a fault that the operator is not told, and a clock. */
import type { Stage } from '../doctor/rule.ts';
import { rules } from '../doctor/rules/index.ts';
import { type Fault, isPossible } from './fault.ts';
import { faults } from './faults/index.ts';
import type { LabShape } from './host/shape.ts';

/** The faults that an operator can heal with kubectl and `lab exec` alone, in a lab of this shape. */
export function drillable(shape: LabShape): string[] {
  return Object.entries(faults)
    .filter(([, fault]) => (fault.heals === 'plan' || fault.cure !== undefined) && isPossible(fault, shape))
    .map(([name]) => name);
}

/** The same one for the same seed; seeds that follow one another give faults that do not. */
export function pickFault(names: readonly string[], seed: number): string | undefined {
  // Steele and Vigna's finalizer of splitmix32.
  let mixed = (seed + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return names[((mixed ^ (mixed >>> 15)) >>> 0) % names.length];
}

/** What each stage of the datagram's way asks. */
const QUESTIONS: Readonly<Record<Stage, string>> = {
  group: 'Is the group itself one that can be received?',
  sender: 'Does anybody send to the group, and by the right interface?',
  network: 'What does the network between sender and receiver do with multicast?',
  node: 'What does the node do with the stream, before any pod?',
  attachment: 'Has the pod the secondary interface that was meant, with the addresses and routes that were meant?',
  membership: 'Is the pod a member of the group, on the right interface, and does the switch know?',
  filter: 'Does the kernel drop what arrives: for a firewall’s rule, or for where it comes from?',
  socket: 'Does the application’s socket take what arrives?',
  manifest: 'What do the manifests say?',
};

/** Where on the datagram's way to look; names neither fault nor rule. */
export function hintFor(fault: Fault): string {
  const stage = rules.find(({ id }) => id === fault.rules[0])?.stage;
  if (stage === undefined) return '';
  return `${QUESTIONS[stage]} (${stage})`;
}

/** `1:42`: minutes and seconds of so many milliseconds. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
