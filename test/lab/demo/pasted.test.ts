import { expect, test } from 'vitest';
import { fixIn, folded } from '../../../src/lab/demo/pasted.ts';

const REPORT = `BROKEN   pod/rx in video

# Fix: paste what follows (kmcast changes nothing by itself)
# 1. Correct attachment video/camera-lan
kubectl apply -f - <<'EOF'
a: 1
b: 2
EOF
# 2. Create pod rx anew (nobody else would: it has no owner)
f=$(mktemp)
rm "$f"
# Then look again
kmcast doctor pod/rx
`;

test('the fix is what stands between its headline and the command that looks again, step by step', () => {
  expect(fixIn(REPORT)).toEqual([
    { title: 'Correct attachment video/camera-lan', script: "kubectl apply -f - <<'EOF'\na: 1\nb: 2\nEOF" },
    { title: 'Create pod rx anew (nobody else would: it has no owner)', script: 'f=$(mktemp)\nrm "$f"' },
  ]);
});

test('colours are no part of it', () => {
  expect(fixIn(REPORT.replaceAll(/^# .*$/gm, (line) => `\u001b[2m${line}\u001b[22m`))).toEqual(fixIn(REPORT));
});

test('a report without a fix has none', () => {
  expect(fixIn('HEALTHY  pod/rx in video\n')).toEqual([]);
});

test('shown again, the text of a here-document is one line', () => {
  expect(folded(fixIn(REPORT)[0]?.script ?? '')).toEqual(["kubectl apply -f - <<'EOF'", '… 2 lines, as above', 'EOF']);
  expect(folded('a\nb')).toEqual(['a', 'b']);
});
