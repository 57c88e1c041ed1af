/** What holds for every rule. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STAGES } from '../../src/doctor/rule.ts';
import { rules } from '../../src/doctor/rules/index.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const ids = rules.map((rule) => rule.id);

test('each file is a rule of its name, and each name is once', () => {
  const files = readdirSync(at('src/doctor/rules')).filter((file) => file !== 'index.ts');
  expect([...ids].sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort());
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(rules)('$id is a rule', (rule) => {
  expect(STAGES).toContain(rule.stage);
  expect(['error', 'warning', 'info']).toContain(rule.severity);
  expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  // It stands behind a tick: a statement, not a name, without a full stop.
  expect(rule.title).toMatch(/^[A-Za-z].* .*[^.]$/);
});

test.each(ids)('%s has a test', (id) => expect(existsSync(at(`test/doctor/rules/${id}.test.ts`))).toBe(true));

test.each(ids)('%s has a page with every section', (id) => {
  const path = at(`docs/rules/${id}.md`);
  expect(existsSync(path)).toBe(true);
  const page = readFileSync(path, 'utf8');
  expect(page.split('\n')[0]).toBe(`# ${id}`);
  for (const section of ['Symptom', 'Cause', 'Fix', 'Why', 'How to see it by hand'])
    expect(page, section).toMatch(new RegExp(`^(## |\\*\\*)${section}`, 'm'));
  expect(page, 'something to paste').toMatch(/^( {4}|```)/m);
});

test('no page is of a rule that is not there', () => {
  const pages = readdirSync(at('docs/rules')).filter((file) => file !== 'README.md');
  expect(pages.map((file) => file.replace(/\.md$/, '')).filter((id) => !ids.includes(id))).toEqual([]);
});
