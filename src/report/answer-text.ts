/** The routes to paste, and what changes in an attachment by them. */
import type { Discovery } from '../discover/discovery.ts';
import { oneLine, printable } from './printable.ts';
import { type Style, wrap } from './style.ts';

export function answerText({ routes, onLink, notes, attachment }: Discovery['answer'], s: Style): string[] {
  const said = (text: string): string[] => wrap(`# ${oneLine(text, 600)}`, s.width);
  const needless = onLink.flatMap(({ source, subnet }) => said(`${source} is on-link (${subnet}): it needs no route`));
  return [
    ...(routes.length === 0 ? [s.strong('# No routes are needed in the attachment')] : routeLines(routes, s)),
    ...needless.slice(0, MOST_LINES),
    ...(needless.length > MOST_LINES ? said(`and ${needless.length - MOST_LINES} more sources are on-link`) : []),
    ...notes.flatMap(said),
    ...(attachment === undefined ? [] : attachmentLines(attachment, s)),
    ...(attachment === undefined && routes.length > 0
      ? said('kmcast discover-source … --nad NAME merges them into your attachment')
      : []),
  ];
}

const MOST_LINES = 12;

function routeLines(routes: Discovery['answer']['routes'], s: Style): string[] {
  const lines = routes.map(({ dst, gw }, i) => `  {"dst": "${dst}", "gw": "${gw}"}${i < routes.length - 1 ? ',' : ''}`);
  return [s.strong('# ipam.routes of the attachment (NetworkAttachmentDefinition)'), '"routes": [', ...lines, ']'];
}

function attachmentLines(nad: NonNullable<Discovery['answer']['attachment']>, s: Style): string[] {
  const name = `${nad.namespace}/${nad.name}`;
  if (!nad.changed) return ['', s.good(`# Attachment ${name} has these routes already`)];
  return [
    '',
    s.strong(`# Attachment ${name}: what changes`),
    ...nad.diff.map((line) => mark(printable(line), s)),
    '',
    s.strong('# Apply it by'),
    `kubectl apply -f - <<'EOF'\n${printable(nad.manifest)}EOF`,
    ...nad.notes.map((note) => `# ${oneLine(note)}`),
  ];
}

function mark(line: string, s: Style): string {
  return line.startsWith('+') ? s.good(line) : line.startsWith('-') ? s.bad(line) : line;
}
