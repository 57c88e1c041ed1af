/**
 * A plan as text that can be pasted into a shell as it stands: steps for people are comments, and so are commands for another machine's
 * shell, which must not run on the operator's.
 */
import type { Alternative, Plan, Step } from '../plan/plan.ts';
import { oneLine, printable } from './printable.ts';
import type { Style } from './style.ts';

export function planText(plan: Plan, alternatives: readonly Alternative[], s: Style): string[] {
  return [
    s.strong('# Fix: paste what follows (kmcast changes nothing by itself)'),
    ...plan.steps.flatMap((step, i) => stepLines(step, i + 1, s)),
    ...(plan.retest === '' ? [] : [s.faint('# Then look again'), printable(plan.retest)]),
    ...plan.affects.map((line) => s.faint(`# Note: ${oneLine(line)}`)),
    ...alternatives.map((a) =>
      s.faint(`# Or: ${oneLine(a.title)}${a.steps[0]?.run === undefined ? '' : `  (${oneLine(a.steps[0].run)})`}`),
    ),
    ...(plan.undo.length === 0 ? [] : [s.faint('# To undo: see plan.undo in -o json')]),
  ];
}

function stepLines(step: Step, number: number, s: Style): string[] {
  const place =
    step.on === 'cluster'
      ? ''
      : step.on.startsWith('node/')
        ? ` [in a root shell on ${step.on.slice('node/'.length)}]`
        : ` [${step.on}]`;
  return [
    s.strong(`# ${number}.${place} ${oneLine(step.title, 400)}`),
    ...(step.manifest === undefined ? [] : [`kubectl apply -f - <<'EOF'\n${printable(step.manifest)}EOF`]),
    ...(step.run === undefined ? [] : [step.on === 'cluster' ? printable(step.run) : elsewhere(step.run)]),
  ];
}

/** Each line of commands for another shell, behind a comment mark. */
function elsewhere(run: string): string {
  return printable(run)
    .split('\n')
    .map((line) => `#    ${line}`)
    .join('\n');
}
