/** Each fault of the lab is seen to break, named by doctor, and healed: by doctor's plan as printed, by what an operator does, or by `lab heal`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrives, told } from '../../../src/lab/arrivals.ts';
import { faults } from '../../../src/lab/faults/index.ts';
import { breakLab, healLab } from '../../../src/lab/play.ts';
import { carryOut, cure, doctor, heardOutside, type TestLab, testLab } from './kit.ts';

/** Labs side by side: the machine has idle time while one waits. */
const LABS = 3;
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
        const before = await told(lab.stage);
        if (fault.stirs === true) await sleep(1000);
        const still = (await told(lab.stage)) - before;
        const diagnosis = await doctor(lab, fault.target, fault.group);
        const meanwhile = fault.stirs === true ? still : (await told(lab.stage)) - before;
        // What trickles through an application that is too slow is no stream.
        expect(meanwhile, 'lines of datagrams').toBeLessThanOrEqual(1);
        expect(fault.rules).toContain(diagnosis.rootCause);
        expect(diagnosis.verdict).toBe('broken');
        const cause = diagnosis.findings.filter(
          ({ rule, severity }) => rule === diagnosis.rootCause && severity === 'error',
        );
        expect(cause.some(({ evidence }) => evidence.length > 0)).toBe(true);
        if (fault.heals === 'plan') await carryOut(lab, diagnosis.plan.steps);
        else if (fault.cure !== undefined) await cure(lab, fault.cure);
        else await healLab(lab.stage);
        expect(await arrives(lab.stage, 10_000), 'arrives').toBe(true);
        if (fault.sends === true) expect(await heardOutside(lab)).toBeGreaterThanOrEqual(18);
      } finally {
        free.push(lab);
      }
    });
  }
});
