import { expect, test } from 'vitest';
import { readDocuments } from '../../../src/facts/manifests/documents.ts';

const read = (text: string) => readDocuments({ name: 'a.yaml', text });
const all = (text: string) => {
  const found = read(text);
  if (!Array.isArray(found)) throw new Error(found.problem);
  return found;
};

test('several documents, with the line of every value', () => {
  const [first, second, ...more] = all('# a comment\nkind: A\n---\n---\nkind: B\nspec:\n  x:\n  - 1\n  - y: 2\n');
  expect(more).toEqual([]);
  expect([first?.json, first?.at()]).toEqual([{ kind: 'A' }, 'a.yaml:2']);
  expect(second?.at('spec', 'x', 1, 'y')).toBe('a.yaml:9');
  expect(second?.at('spec', 'x', 7), 'the nearest that is there').toBe('a.yaml:8');
});

test('Lists give their items, also of Lists, at their own lines', () => {
  const list =
    '{"kind": "List", "items": [\n {"kind": "A", "v": 1},\n {"kind": "ServiceList", "items": [\n  {"kind": "B"}]}]}';
  expect(all(list).map(({ json, at }) => [json.kind, at()])).toEqual([
    ['A', 'a.yaml:2'],
    ['B', 'a.yaml:4'],
  ]);
});

test.each(['', '# nothing\n', '---\n', 'just text\n', '- 1\n- 2\n'])('%j holds no map', (text) =>
  expect(all(text)).toEqual([]),
);

test('aliases and merge keys are resolved', () => {
  expect(all('a: &x {k: 1}\nb: {<<: *x, l: 2}\n')[0]?.json.b).toEqual({ k: 1, l: 2 });
});

test.each([
  ['a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n', /^a\.yaml:[23]$/],
  ['a: 1\n---\nb: [1,\nc: 2\n', /^a\.yaml:[345]$/],
  [
    `a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [${i === 0 ? '*a, *a' : `*b${i - 1}, *b${i - 1}`}]`).join('\n')}`,
    'a.yaml:1',
  ],
])('%j cannot be read, and it says where', (text, at) => {
  const bad = read(text);
  expect(Array.isArray(bad)).toBe(false);
  expect(bad).toMatchObject({
    at: typeof at === 'string' ? at : expect.stringMatching(at),
    problem: expect.any(String),
  });
});
