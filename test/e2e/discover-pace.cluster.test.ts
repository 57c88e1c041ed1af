/** How fast discover-source finds. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { far, GROUP, Lan } from './lan.ts';
import { startIn } from './wire.ts';

let lan: Lan;
beforeAll(() => {
  lan = new Lan('pace');
});
afterAll(() => expect(lan.close()).toEqual([]));

it('discover-source names a source within 4 seconds of being asked, from a node', async () => {
  lan.scene.send(far);
  const times: number[] = [];
  for (let i = 0; i < 2; i++) {
    const asked = Date.now();
    const running = startIn(
      {},
      'discover-source',
      GROUP,
      '--on',
      'node/node1',
      '--count',
      '1',
      '-o',
      'jsonl',
      '-n',
      lan.space.name,
    );
    times.push((await running.says(/"type":"source"/, 'out')) - asked);
    expect((await running.ended).status).toBe(0);
  }
  expect(Math.max(...times)).toBeLessThan(4000);
});
