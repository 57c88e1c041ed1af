/** The order in which test files begin. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A run is over when the last file is: the longest begin first, also where vitest has not seen yet how long they take. */
const LONGEST = [
  'faults.lab',
  'probe.cluster',
  'conformance.cluster',
  'probe-fleet.cluster',
  'discover-source.cluster',
  'interrupt.cluster',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
