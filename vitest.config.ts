import { defineConfig } from 'vitest/config';

/** `unit` needs nothing; `kernel` makes network namespaces (scripts/kernel); `lab` breaks and heals labs; `cluster` needs KUBECONFIG of a test
 * cluster (`flat`: of one whose pod network is one L2 segment), and `e2e-lab` is its end-to-end part on labs. */
export default defineConfig({
  test: {
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
          // Deadlines of real processes are tested: one file at a time, and again when a busy machine was too slow.
          fileParallelism: false,
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
          fileParallelism: false,
          // As many as the file has labs.
          maxConcurrency: 2,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e-lab',
          include: ['test/e2e/*.cluster.test.ts'],
          globalSetup: ['test/e2e/labs.ts'],
          setupFiles: ['test/e2e/in-lab.ts'],
          pool: 'forks',
          // They wait more than they compute. Each worker has a lab.
          maxWorkers: 3,
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
