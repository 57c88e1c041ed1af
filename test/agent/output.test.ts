import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentOutput } from '../../src/agent/output.ts';
import type { AgentMessage } from '../../src/agent/protocol.ts';

const TOKEN = 'abc123';

/** What is said when the text comes in pieces cut at these places. */
function hear(text: string, cuts: readonly number[] = []): AgentMessage[] {
  const messages: AgentMessage[] = [];
  const output = new AgentOutput(TOKEN, (message) => messages.push(message));
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [index, to] of places.slice(1).entries()) output.push(bytes.subarray(places[index]!, to));
  output.end();
  return messages;
}

const FRAMES = [
  ['hello 7', ''],
  ['place', 'p'],
  ['entered 3', ''],
  ['file before', '/a b'],
  ['text', 'line\n@other x\n'],
  ['file after', '/c'],
  ['text', ''],
  ['error', 'Permission denied'],
  ['command before node', 'ip'],
  ['stdout', '{"type":"hello"}'],
  ['stderr', ''],
  ['status 2', ''],
  ['done', ''],
  ['end', 'deadline'],
  ['over', ''],
]
  .map(([words, text]) => `\n@${TOKEN} ${words}\n${text}`)
  .join('');

describe('the output of an agent', () => {
  it('is a message a line, and what is none is skipped', () => {
    const end = { type: 'end', reason: 'finished' };
    expect(hear(`Welcome!\n{"a":1}\n{"type":"done","place":"é"}\n[1]\nnull\n${JSON.stringify(end)}`)).toEqual([
      { type: 'done', place: 'é' },
      end,
    ]);
  });

  it('is read from the frames of a shell', () => {
    expect(hear(FRAMES)).toEqual([
      { type: 'hello', runtime: 'sh', version: '', uid: 7 },
      { type: 'entered', place: 'p', pid: 3 },
      { type: 'file', place: 'p', phase: 'before', path: '/a b', text: 'line\n@other x\n' },
      { type: 'failed', place: 'p', phase: 'after', what: '/c', error: 'Permission denied' },
      {
        type: 'command',
        place: 'p',
        phase: 'before',
        name: 'ip',
        status: 2,
        stdout: '{"type":"hello"}',
        stderr: '',
        root: 'node',
      },
      { type: 'done', place: 'p' },
      { type: 'end', reason: 'deadline' },
    ]);
  });

  it('does not depend on how it was cut', () => {
    const lines = '{"type":"done","place":"é"}\nnoise\n{"type":"done","place":"q"}\n';
    fc.assert(
      fc.property(fc.constantFrom(FRAMES, lines), fc.array(fc.nat(), { maxLength: 40 }), (text, cuts) => {
        expect(hear(text, cuts)).toEqual(hear(text));
      }),
    );
  });

  it('takes what is cut off as it is', () => {
    for (let length = 0; length < FRAMES.length; length += 7) expect(() => hear(FRAMES.slice(0, length))).not.toThrow();
    const cut = FRAMES.slice(0, FRAMES.indexOf('status'));
    expect(hear(cut).at(-1)).toMatchObject({ type: 'failed', what: 'ip', error: 'printed more than 16777216 bytes' });
  });

  it('takes long content in reasonable time', () => {
    const text = `\n@${TOKEN} file before\n/x\n@${TOKEN} text\n${'0123456789\n'.repeat(300_000)}\n@${TOKEN} done`;
    const began = performance.now();
    const messages = hear(
      text,
      Array.from({ length: 400 }, (_, index) => index * 8192),
    );
    expect(messages[0]).toMatchObject({ type: 'file', path: '/x' });
    expect(performance.now() - began).toBeLessThan(1500);
  });
});
