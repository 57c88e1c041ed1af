import type { Call } from '../call.ts';
import type { Answer } from '../http/answer.ts';
import { methodNotAllowed } from '../http/status.ts';
import * as present from '../present.ts';
import { decode } from './decode.ts';
import { modify } from './modify.ts';

/** PUT: the object as given, whatever it was. */
export async function update(call: Call): Promise<Answer> {
  if (call.path.name === undefined) throw methodNotAllowed();
  const object = await decode(call);
  return present.one(
    call,
    modify(call, () => object),
  );
}
