/** What a pod asks for around a container's life (core/v1 Lifecycle; pkg/kubelet/lifecycle/handlers.go). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PodContext } from './context.ts';
import { probeOnce } from './probe-once.ts';
import type { CreatedContainer } from './start-container.ts';
import type { Container, Hook } from './types.ts';

/** Seconds; a hook has no limit of its own. */
const LONGEST = 3600;

/**
 * Runs it in the container, to its end. A container does not count as running before its postStart has ended, and gets no signal
 * before its preStop has. False where it failed, which an event has told.
 */
export async function runHook(
  context: PodContext,
  container: Container,
  created: CreatedContainer,
  kind: 'postStart' | 'preStop',
): Promise<boolean> {
  const hook = container.lifecycle?.[kind];
  if (hook === undefined) return true;
  const why = await run(context, container, created, hook);
  if (why === undefined) return true;
  const name = kind === 'postStart' ? 'PostStartHook' : 'PreStopHook';
  context.kubelet.event(context.pod(), 'Warning', `Failed${name}`, `${name} failed`);
  return false;
}

async function run(
  context: PodContext,
  container: Container,
  created: CreatedContainer,
  hook: Hook,
): Promise<string | undefined> {
  if (hook.sleep === undefined) return probeOnce(context, container, created, { ...hook, timeoutSeconds: LONGEST });
  await sleep(hook.sleep.seconds * 1000, undefined, { ref: false });
  return undefined;
}
