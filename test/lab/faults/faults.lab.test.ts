/** Each fault of the lab is seen to break, named by doctor, and healed: by doctor's plan as printed, or by `lab heal`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../../src/lab/faults/index.ts';
import { breakLab, healLab } from '../../../src/lab/play.ts';
import { arrives, carryOut, doctor, heardOutside, type TestLab, testLab } from './kit.ts';

/** Labs side by side: the machine has idle time while one waits. */
const LABS = 2;
const free: TestLab[] = [];
const labs: TestLab[] = [];

beforeAll(async () => {
  labs.push(...(await Promise.all(Array.from({ length: LABS }, testLab))));
  free.push(...labs);
}, 60_000);

afterAll(async () => {
  await Promise.all(labs.map((lab) => lab.down()));
});

describe('a fault', { concurrent: true, timeout: 90_000 }, () => {
  for (const [name, fault] of Object.entries(faults)) {
    test(name, async () => {
      const lab = free.pop();
      if (lab === undefined) throw new Error('more tests at once than labs');
      try {
        await breakLab(lab.stage, name);
        const before = await lab.told();
        const diagnosis = await doctor(lab, fault.target, fault.group);
        // What trickles through an application that is too slow is no stream.
        expect((await lab.told()) - before, 'lines of datagrams').toBeLessThanOrEqual(1);
        expect(fault.rules).toContain(diagnosis.rootCause);
        expect(diagnosis.verdict).toBe('broken');
        const cause = diagnosis.findings.filter(
          ({ rule, severity }) => rule === diagnosis.rootCause && severity === 'error',
        );
        expect(cause.some(({ evidence }) => evidence.length > 0)).toBe(true);
        if (fault.heals === 'plan') await carryOut(lab, diagnosis.plan.steps);
        else await healLab(lab.stage);
        expect(await arrives(lab, 10_000), 'arrives').toBe(true);
        if (fault.sends === true) expect(await heardOutside(lab)).toBeGreaterThanOrEqual(18);
      } finally {
        free.push(lab);
      }
    });
  }
});
