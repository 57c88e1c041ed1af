import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { diagnosisText } from '../../src/report/diagnosis-text.ts';
import { bundle, renderDiagnoses } from '../../src/report/report.ts';
import { style } from '../../src/report/style.ts';
import { broken, healthy, hostile } from './diagnoses.ts';

const plain = (width: number) => style(width, false);

test.each([80, 110])('a broken target at %i columns', (width) => {
  const text = diagnosisText(broken, plain(width));
  expect(text).toMatchSnapshot();
  // Commands are never broken: they are pasted.
  const prose = text.split('\n').filter((line) => !line.startsWith('kmcast ') && !line.startsWith('#'));
  expect(prose.filter((line) => line.length > width)).toEqual([]);
});

test.each([80, 110])('a healthy target at %i columns', (width) => {
  expect(diagnosisText(healthy, plain(width))).toMatchSnapshot();
});

test('colour changes no words', () => {
  const coloured = diagnosisText(broken, style(80, true));
  expect(coloured).toContain('\u001b[');
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(diagnosisText(broken, plain(80)));
});

test('the fix can be pasted: what is no command is a comment', () => {
  const text = diagnosisText(broken, plain(80));
  const fix = text.slice(text.indexOf('# Fix'), text.indexOf('Checked'));
  expect(fix.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    "kubectl apply -f - <<'EOF'",
    'kind: NetworkAttachmentDefinition',
    'EOF',
    'kmcast doctor pod/rx -n video --group 239.1.2.3:5007',
  ]);
  // For another machine's shell: pasting the whole must not run it on the operator's.
  expect(fix).toContain('\n#    ip link set eth1 up\n');
});

test('no text of a cluster makes a line of the report', () => {
  const text = diagnosisText(hostile, plain(80));
  expect(text).not.toMatch(/^(HEALTHY|kubectl|rm)/m);
  expect(text.match(/^# Fix/gm)).toHaveLength(1);
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
});

test('many reasons for what is unknown are counted, and each is said once', () => {
  const checks = Array.from({ length: 12 }, (_, i) => ({
    rule: 'x',
    outcome: 'unknown' as const,
    reason: `reason ${i % 6}`,
  }));
  const text = diagnosisText({ ...broken, checks }, plain(80));
  expect(text.match(/unknown: reason/g)).toHaveLength(4);
  expect(text).toContain('and 2 more reasons');
});

test('json and yaml are the diagnosis itself', () => {
  expect(JSON.parse(renderDiagnoses([broken], 'json', plain(80)))).toEqual(broken);
  expect(parse(renderDiagnoses([broken], 'yaml', plain(80)))).toEqual(broken);
  const both = {
    schemaVersion: 'kmcast/v1',
    kind: 'Diagnoses',
    kmcastVersion: '1.0.0',
    time: broken.time,
    items: [broken, healthy],
  };
  expect(bundle([broken, healthy])).toEqual(both);
  expect(JSON.parse(renderDiagnoses([broken, healthy], 'json', plain(80)))).toEqual(both);
  expect(parse(renderDiagnoses([broken, healthy], 'yaml', plain(80)))).toEqual(both);
  expect(JSON.parse(renderDiagnoses([hostile], 'json', plain(80)))).toEqual(hostile);
  expect(parse(renderDiagnoses([hostile], 'yaml', plain(80)))).toEqual(hostile);
});

test('several targets: counted first, then one after the other', () => {
  const text = renderDiagnoses([broken, { ...broken, verdict: 'unknown' }, healthy], 'text', plain(80));
  expect(text.split('\n')[0]).toBe('3 looked at: 1 broken, 1 unknown, 1 healthy');
  expect(text.match(/^(BROKEN|UNKNOWN|HEALTHY)/gm)).toEqual(['BROKEN', 'UNKNOWN', 'HEALTHY']);
  expect(renderDiagnoses([], 'text', plain(80))).toContain('0 looked at');
});
