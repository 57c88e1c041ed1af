import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/helpers/longest-first.ts';

/** Test files of both projects that need labs at once: they wait more than they compute. */
const LAB_WORKERS = 5;
const PACE = ['probe-matrix', 'discover-pace'].map((name) => `test/e2e/${name}.cluster.test.ts`);

/** `unit` needs nothing; `kernel` makes network namespaces (scripts/kernel); `lab` breaks and heals labs; `cluster` needs KUBECONFIG of a test
 * cluster (`flat`: of one whose pod network is one L2 segment), and `e2e-lab` is its end-to-end part on labs, `pace-lab` those of it that
 * measure how fast something is. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // None takes seconds, but on a busy machine.
          testTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: ['kernel', 'lab', 'cluster', 'flat'].map((kind) => `test/**/*.${kind}.test.ts`),
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/**/*.kernel.test.ts'],
          pool: 'forks',
          // They mostly wait. Deadlines of real processes are tested: again when a busy machine was too slow.
          maxWorkers: 2,
          retry: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/**/*.lab.test.ts'],
          pool: 'forks',
          maxWorkers: LAB_WORKERS,
          sequence: { groupOrder: 2 },
          // As many as the file has labs.
          maxConcurrency: 3,
          retry: 1,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e-lab',
          include: ['test/e2e/*.cluster.test.ts'],
          exclude: PACE,
          globalSetup: ['test/e2e/labs.ts'],
          setupFiles: ['test/e2e/in-lab.ts'],
          pool: 'forks',
          // Each has a lab.
          maxWorkers: LAB_WORKERS,
          sequence: { groupOrder: 2 },
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pace-lab',
          include: PACE,
          globalSetup: ['test/e2e/labs.ts'],
          setupFiles: ['test/e2e/in-lab.ts'],
          pool: 'forks',
          // With nothing beside it.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/**/*.cluster.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'flat',
          include: ['test/**/*.flat.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
