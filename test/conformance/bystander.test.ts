import { expect, it } from 'vitest';
import { judgeBystander, type Watched } from '../../src/conformance/bystander.ts';

/** Packets before and after a second of quiet, and after three seconds with the test. */
function watched(before: number, begin: number, end: number): Watched {
  const at = [0, 1000, 4000];
  const [a, b, c] = [before, begin, end].map((packets, index) => ({ packets, at: at[index]! }));
  return { readings: [a!, b!, c!], atSocket: 0 };
}

const of = (before: number, begin: number, end: number, sent = 150) => {
  const { observed, received } = judgeBystander(watched(before, begin, end), sent);
  return `${observed} ${received}`;
};

it('tells flooding from the few reports of memberships', () => {
  expect(of(2, 2, 160)).toBe('arrives 150');
  expect(of(2, 2, 9)).toBe('nothing 0');
  expect(of(2, 2, 2)).toBe('nothing 0');
});

it('takes off what came before as well, and does not judge where that is too much', () => {
  expect(of(0, 10, 40 + 150)).toBe('arrives 150');
  expect(of(0, 10, 40)).toBe('nothing 0');
  expect(of(0, 1000, 4150)).toBe('unknown 150');
});

it('does not judge a part of them', () => expect(of(0, 0, 75)).toBe('unknown 75'));

it('says what it saw', () => {
  const { evidence } = judgeBystander(watched(0, 10, 190), 150);
  expect(evidence).toBe(
    '150 packets reached IP in a pod that joined nothing while 150 were sent, beside some 30 as in the time before; a socket bound to the port, without a membership, got 0',
  );
});
