import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { here, NO_READS, RUNTIMES, reading, runOn } from './runtimes.ts';

/** The processes that have this word among their arguments. */
function alive(word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`).toString().split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

describe.each(RUNTIMES)('the agent in %s', (runtime) => {
  it('ends with its children when stdin closes', async () => {
    const seconds = `29.${process.pid}${RUNTIMES.indexOf(runtime)}1`;
    const abort = new AbortController();
    const job = reading({ commands: [{ name: 'slow', argv: ['sleep', seconds], root: 'here' }] }, 20);
    const running = runOn(runtime, job, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(alive(seconds)).not.toEqual([]);
    const began = Date.now();
    abort.abort();
    const heard = await running;
    expect(Date.now() - began).toBeLessThan(1000);
    expect(heard.of('end')).toEqual([{ type: 'end', reason: 'stdin closed' }]);
    await expect.poll(() => alive(seconds), { timeout: 500 }).toEqual([]);
  });

  it('ends with its children at its deadline, and keeps what was said', async () => {
    const seconds = `29.${process.pid}${RUNTIMES.indexOf(runtime)}2`;
    const reads = {
      ...NO_READS,
      files: ['/proc/net/igmp'],
      commands: [{ name: 'slow', argv: ['sleep', seconds], root: 'here' as const }],
    };
    const began = Date.now();
    const heard = await runOn(runtime, here({ reads }, 1));
    expect(Date.now() - began).toBeLessThan(2500);
    expect(heard.of('end')).toEqual([{ type: 'end', reason: 'deadline' }]);
    expect(heard.of('file')).toHaveLength(1);
    await expect.poll(() => alive(seconds), { timeout: 500 }).toEqual([]);
  });

  it('leaves nothing behind when it is done', async () => {
    const heard = await runOn(runtime, reading({}, 4999));
    expect(heard.of('end')[0]?.reason).toBe('finished');
    await expect.poll(() => alive('4999'), { timeout: 500 }).toEqual([]);
  });

  it('is done at once, every time, when there is nothing to do: nobody waits for its watchdog', async () => {
    const running = Array.from({ length: 16 }, () => runOn(runtime, here({}, 4998)));
    for (const heard of await Promise.all(running)) expect(heard.of('end')[0]?.reason).toBe('finished');
    await expect.poll(() => alive('4998'), { timeout: 500 }).toEqual([]);
  });
});
