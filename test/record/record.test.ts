import { expect, test } from 'vitest';
import { paced } from '../../scripts/record/pace.js';
import { Screen } from '../../scripts/record/screen.js';
import { svg } from '../../scripts/record/svg.js';

const ESC = '\u001b';
const line = (at: number, text: string, style = '') => ({ at, runs: [{ text, style }] });

test('the screen keeps every line with its looks and the time of its last form', () => {
  const screen = new Screen(80);
  screen.write('one\r\n', 1);
  screen.write(`${ESC}[1mbo`, 2);
  screen.write(`ld${ESC}[22m ${ESC}[2mfaint${ESC}[22m\r\n\r\n`, 3);
  expect(screen.lines()).toEqual([
    line(1, 'one'),
    {
      at: 3,
      runs: [
        { text: 'bold', style: 'bold' },
        { text: ' ', style: '' },
        { text: 'faint', style: 'faint' },
      ],
    },
  ]);
});

test('a spinner that was cleared leaves nothing, also when a sequence comes in two pieces', () => {
  const screen = new Screen(80);
  screen.write(`${ESC}[?25l${ESC}[36m⠋${ESC}[39m looking${ESC}[1G${ESC}[`, 1);
  screen.write(`0K${ESC}[?25hdone\n`, 2);
  expect(screen.lines()).toEqual([line(2, 'done')]);
});

test('lines above can be cleared, and too long ones go on below', () => {
  const screen = new Screen(4);
  screen.write(`a\nb${ESC}[1A${ESC}[2K\r`, 1);
  screen.write('123456', 2);
  expect(screen.lines()).toEqual([line(2, '1234'), line(2, '56')]);
});

test('waits are cut short, bursts scroll, and an output stays before the next comment', () => {
  const times = paced([line(0, '$ x'), line(9, 'a'), line(9, 'b'), line(9, '# next', 'bold')]);
  expect(times.map((time, index) => Math.round((time - (times[index - 1] ?? 0)) * 100) / 100)).toEqual([
    0.05, 1.2, 0.05, 1.45,
  ]);
});

test('the picture shows all text, escaped, and without motion its end', () => {
  const picture = svg([line(0, 'a < b & c', 'bold'), line(1, 'x'), line(2, 'y')], [0, 1, 2], {
    columns: 10,
    rows: 2,
    title: 'T',
  });
  expect(picture).toContain('<tspan x="0" textLength="65" class="bold">a &lt; b &amp; c</tspan>');
  expect(picture).toContain('@keyframes l1{0%{visibility:hidden}12.5%,to{visibility:visible}}');
  // Two rows are seen: the third line moves the tape up by one.
  expect(picture).toContain('#s{transform:translateY(-16px);animation:s}');
  expect(picture).toContain('prefers-reduced-motion:reduce');
});
