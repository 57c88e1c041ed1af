import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_SENDERS, parseResult } from '../../src/fleet/result.ts';
import { jobOf } from './made.ts';

const AGENT = fileURLToPath(new URL('../../src/agent/python', import.meta.url));
/** Lets the agent account for what came, number by number, and write its message. */
const SCRIPT = `
import json, sys, tempfile
sys.path.insert(0, sys.argv[1])
import fleet
class Socket: inode = 1
for line in sys.stdin:
    case = json.loads(line)
    hearing = fleet.Hearing.__new__(fleet.Hearing)
    hearing.heard, hearing.leaked, hearing.foreign, hearing.error, hearing.spoiled = [], 3, 4, None, None
    hearing.sockets, hearing.told = [Socket()], fleet.Told()
    hearing.told.say('receiving', interface='eth0', buffer=77)
    for numbers in case['heard']:
        one = fleet.Heard(numbers[0]) if numbers else None
        for number in numbers: one.number(number)
        hearing.heard.append(one)
    with tempfile.NamedTemporaryFile('r') as file:
        fleet.write(file.name, {'count': case['count']}, 0, hearing, None, 5)
        print(file.read())
`;

/** Messages of agents to which these numbers came, by sender. */
function messages(
  cases: readonly { readonly count: number; readonly heard: readonly (readonly number[])[] }[],
): string[] {
  const input = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  const output = execFileSync('python3', ['-c', SCRIPT, AGENT], { input, encoding: 'utf8', maxBuffer: 64 << 20 });
  return output.trim().split('\n');
}

describe('the message of an agent', () => {
  it('tells exactly what came, where there is room', () => {
    const cases = fc.sample(
      fc.integer({ min: 1, max: 60 }).chain((count) =>
        fc.record({
          count: fc.constant(count),
          heard: fc.array(fc.array(fc.nat(count - 1), { maxLength: 80 }), { minLength: 1, maxLength: 40 }),
        }),
      ),
      60,
    );
    for (const [index, message] of messages(cases).entries()) {
      const { count, heard } = cases[index]!;
      const result = parseResult(message, jobOf(heard.length, { count }));
      if (typeof result === 'string') throw new Error(`${result}: ${message}`);
      expect(result.received).toMatchObject({ interface: 'eth0', buffer: 77, leaked: 3, foreign: 4 });
      for (const [position, numbers] of heard.entries()) {
        const [first = 0] = numbers;
        const unique = new Set(numbers);
        const told = result.received?.heard[position];
        expect(told).toMatchObject({ unique: unique.size, exact: true, duplicates: numbers.length - unique.size });
        if (unique.size === 0) continue;
        expect(told).toMatchObject({ first: unique.size === count ? told?.first : first });
        const after = [...unique].filter((number) => number >= (told?.first ?? 0)).length;
        expect(told?.after).toBe(after);
      }
    }
  });

  it('has at most 4096 bytes however many there are and whatever is lost, and then tells shares', () => {
    const cases = fc.sample(
      fc.record({
        senders: fc.constantFrom(1, 500, 1000, MOST_SENDERS),
        count: fc.constantFrom(2, 10, 100, 1000),
        step: fc.integer({ min: 1, max: 9 }),
        seed: fc.nat(1000),
      }),
      12,
    );
    const made = cases.map(({ senders, count, step, seed }) => ({
      count,
      heard: Array.from({ length: senders }, (_, sender) =>
        Array.from({ length: Math.min(count, (sender * step + seed) % (count + 1)) }, (_, number) => number),
      ),
    }));
    for (const [index, message] of messages(made).entries()) {
      const { count, heard } = made[index]!;
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
      const result = parseResult(message, jobOf(heard.length, { count }));
      if (typeof result === 'string') throw new Error(`${result}: ${message}`);
      for (const [position, numbers] of heard.entries()) {
        const told = result.received!.heard[position]!;
        // Nothing and all are never taken for anything else.
        if (numbers.length === 0 || numbers.length === count || told.exact) expect(told.unique).toBe(numbers.length);
        else {
          expect(told.unique > 0 && told.unique < count).toBe(true);
          expect(Math.abs(told.unique - numbers.length)).toBeLessThanOrEqual(count / 60 + 1);
        }
      }
    }
  });

  it('is a sentence when it is none, and never throws', () => {
    const job = jobOf(2);
    expect(parseResult('', job)).toBe('the agent left no message');
    expect(parseResult('{"v":1,"error":"No such device"}', job)).toBe('the agent failed: No such device');
    expect(parseResult('{"v":1,"e":0,"r":{"c":"__-"}}', job)).toMatch(/none of its own/);
    expect(parseResult('{"v":1,"e":2}', job)).toMatch(/none of its own/);
    expect(parseResult('{"v":1,"e":1,"j":["ENODEV","No such device"]}', job)).toMatchObject({
      joinError: { code: 'ENODEV', error: 'No such device' },
    });
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseResult(text, job)));
    const field = fc.constantFrom('v', 'e', 'z', 's', 'r', 'j', 'c', 'x', 'error');
    const odd = fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue())));
    fc.assert(fc.property(odd, (said) => void parseResult(JSON.stringify({ ...said, v: 1, e: 0 }), job)));
  });
});
