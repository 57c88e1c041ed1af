import { readFile } from 'node:fs/promises';
import { nearNames } from '../../cluster/near.ts';
import { STAGES } from '../../doctor/rule.ts';
import { rules } from '../../doctor/rules/index.ts';
import { EXIT, UserError } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';

/** `kmcast explain`: a rule's page, or the list of rules in the order of the datagram's way. */
export async function explain(name: string | undefined, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  if (name === undefined) {
    const lines = STAGES.flatMap((stage) =>
      rules
        .filter((rule) => rule.stage === stage)
        .map((rule) => `${stage.padEnd(11)} ${rule.id.padEnd(30)} ${rule.title}`),
    );
    await out.write(`${lines.join('\n')}\n`);
    return EXIT.ok;
  }
  const rule = rules.find((r) => r.id === name);
  if (rule === undefined) {
    const near = nearNames(
      name,
      rules.map((r) => r.id),
    );
    throw new UserError(`no rule is named "${name}"`, {
      hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : 'kmcast explain lists them',
      status: EXIT.usage,
    });
  }
  await out.write(await page(name));
  return EXIT.ok;
}

/** Beside the bundle in a release, in docs/ in a checkout. */
async function page(name: string): Promise<string> {
  for (const place of [`./rules/${name}.md`, `../rules/${name}.md`, `../../../docs/rules/${name}.md`]) {
    try {
      return await readFile(new URL(place, import.meta.url), 'utf8');
    } catch {
      // The next place has it.
    }
  }
  throw new UserError(`the page of ${name} is not part of this installation`);
}
