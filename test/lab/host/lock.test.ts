import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withLabLock } from '../../../src/lab/host/lock.ts';

const FOLDER = `/nowhere/kmcast-lock-${process.pid}`;

it('lets one work at a time, and the next one when that has failed', async () => {
  const events: string[] = [];
  const work = (name: string, fails = false) =>
    withLabLock(FOLDER, 5000, async () => {
      events.push(`${name} begins`);
      await sleep(60);
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const [first] = await Promise.allSettled([work('a', true), sleep(10).then(() => work('b'))]);
  expect(first.status).toBe('rejected');
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('says who is in the way when patience ends', async () => {
  await withLabLock(FOLDER, 0, async () => {
    await expect(withLabLock(FOLDER, 60, async () => {})).rejects.toThrow(/another kmcast works on this lab/);
    await withLabLock(`${FOLDER}-other`, 0, async () => {});
  });
});
