import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bootId, childrenOf, pidIn, processStat } from '../../../src/lab/host/processes.ts';
import { isRunning, readLabState, writeLabState } from '../../../src/lab/host/state.ts';

it('knows a process from another one that has its pid', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  try {
    const pid = child.pid ?? 0;
    const stat = processStat(pid);
    expect(stat).toMatchObject({ parent: process.pid, running: true });
    expect(childrenOf(process.pid)).toContain(pid);
    const state = { pid, startTime: stat?.startTime ?? 0, boot: bootId() };
    expect(isRunning(state)).toBe(true);
    expect(isRunning({ ...state, startTime: state.startTime - 1 })).toBe(false);
    expect(isRunning({ ...state, boot: 'another' })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(state)).toBe(false);
    expect(processStat(pid)).toBeUndefined();
  } finally {
    child.kill('SIGKILL');
  }
});

it('knows no process in a pid namespace that is not there', () => {
  expect(pidIn(process.pid, 1)).toBeUndefined();
});

it('keeps the state of a lab, and takes half a file for none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kmcast-state-'));
  const shape = { nodes: 2, podNetwork: 'flat', scene: true } as const;
  const state = { name: 'lab', shape, pid: 1, startTime: 2, boot: 'b', since: '2026-01-01T00:00:00Z' };
  expect(readLabState(folder)).toBeUndefined();
  writeLabState(folder, state);
  expect(readLabState(folder)).toEqual(state);
  rmSync(folder, { recursive: true });
});
