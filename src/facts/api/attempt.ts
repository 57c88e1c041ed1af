/** Requests whose failure is a fact: forbidden or unreadable is unknown, with the reason. */
import { type Fact, known, unknown } from '../../model/fact.ts';

export async function attempt<T>(request: Promise<T>): Promise<Fact<T>> {
  try {
    return known(await request);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
