import { describe, expect, it } from 'vitest';
import { type ContainerStatus, newStatus, type Terminated } from '../../../src/lab/kubelet/container-status.ts';
import { type PodFacts, phaseOf, podStatus } from '../../../src/lab/kubelet/pod-status.ts';

const end = (exitCode: number): Terminated => ({ exitCode, reason: 'x', startedAt: '', finishedAt: '' });
const waits = (): ContainerStatus => newStatus('w', 'i', 'ContainerCreating');
const runs = (): ContainerStatus => ({ ...waits(), name: 'r', state: { running: { startedAt: '' } }, ready: true });
const ended = (code: number): ContainerStatus => ({ ...waits(), name: 'e', state: { terminated: end(code) } });
const backs = (code: number): ContainerStatus => ({ ...waits(), name: 'b', lastState: { terminated: end(code) } });
const facts = (more: Partial<PodFacts>): PodFacts => ({
  restartPolicy: 'Always',
  init: [],
  containers: [],
  ephemeral: [],
  sandbox: true,
  initialized: true,
  over: false,
  addresses: ['10.44.1.2', 'fd00::2'],
  hostIP: '192.168.40.11',
  startTime: 't0',
  ...more,
});

describe('phase', () => {
  it.each<[string, Partial<PodFacts>]>([
    ['Pending', { containers: [waits()] }],
    ['Pending', { containers: [runs(), waits()] }],
    ['Running', { containers: [runs(), ended(1)] }],
    ['Running', { containers: [backs(1)] }],
    ['Running', { containers: [ended(0)] }],
    ['Running', { containers: [ended(1)], restartPolicy: 'OnFailure' }],
    ['Running', { containers: [backs(0), ended(0)], restartPolicy: 'OnFailure' }],
    ['Succeeded', { containers: [ended(0), ended(0)], restartPolicy: 'OnFailure' }],
    ['Succeeded', { containers: [ended(0)], restartPolicy: 'Never' }],
    ['Failed', { containers: [ended(0), ended(1)], restartPolicy: 'Never' }],
    ['Succeeded', { containers: [ended(0)], over: true }],
    ['Failed', { containers: [ended(0), ended(1)], over: true }],
    ['Failed', { containers: [ended(0), backs(0)], over: true }],
    ['Pending', { containers: [ended(0), waits()], over: true }],
    ['Pending', { init: [runs()], initialized: false, containers: [waits()] }],
    ['Pending', { init: [ended(1)], initialized: false, containers: [waits()] }],
    ['Failed', { init: [ended(1)], initialized: false, containers: [waits()], restartPolicy: 'Never' }],
    ['Failed', { containers: [runs()], failed: { reason: 'DeadlineExceeded', message: '' } }],
  ])('%s of %o', (phase, more) => {
    expect(phaseOf(facts(more))).toBe(phase);
  });
});

describe('conditions', () => {
  const short = (more: Partial<PodFacts>) =>
    podStatus(facts(more), [], 't1').conditions.map(({ type, status, reason, message }) =>
      [type, status, reason, message].filter(Boolean).join(' '),
    );

  it('name the containers that are not ready', () => {
    expect(short({ containers: [runs(), ended(1)], sandbox: false })).toEqual([
      'PodReadyToStartContainers False',
      'Initialized True',
      'Ready False ContainersNotReady containers with unready status: [e]',
      'ContainersReady False ContainersNotReady containers with unready status: [e]',
      'PodScheduled True',
    ]);
  });

  it('name the init containers that are not done', () => {
    const conditions = short({
      init: [{ ...ended(0), ready: true }, runs(), waits()],
      initialized: false,
      containers: [waits()],
    });
    expect(conditions[1]).toBe('Initialized False ContainersNotInitialized containers with incomplete status: [w]');
  });

  it('say that a pod is over', () => {
    expect(short({ containers: [ended(0)], restartPolicy: 'Never' }).slice(1, 4)).toEqual([
      'Initialized True PodCompleted',
      'Ready False PodCompleted',
      'ContainersReady False PodCompleted',
    ]);
    expect(short({ containers: [ended(1)], restartPolicy: 'Never' })[2]).toBe('Ready False PodFailed');
  });

  it('keep the time of their last change', () => {
    const before = podStatus(facts({ containers: [waits()] }), [], 't1').conditions;
    const after = podStatus(facts({ containers: [runs()] }), before, 't2').conditions;
    expect(after.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual(['t1', 't1', 't2', 't2', 't1']);
  });
});

it('has all addresses, and none before there are any', () => {
  expect(podStatus(facts({}), [], 't1')).toMatchObject({
    podIP: '10.44.1.2',
    podIPs: [{ ip: '10.44.1.2' }, { ip: 'fd00::2' }],
  });
  expect(podStatus(facts({ addresses: [] }), [], 't1')).not.toHaveProperty('podIP');
});
