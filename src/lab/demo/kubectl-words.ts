/** A kubectl command line, as far as the demo's commands need it. Pure. */

export interface KubectlWords {
  /** `apply`, `get` … */
  readonly verb: string;
  readonly args: readonly string[];
  readonly namespace: string;
  /** `--tail=3`, `--force`, `-f FILE`, `-o yaml`; a flag without a value has the empty string. */
  readonly flags: Readonly<Record<string, string>>;
}

const SHORT: Readonly<Record<string, string>> = { n: 'namespace', f: 'filename', o: 'output' };

export function kubectlWords(argv: readonly string[]): KubectlWords {
  const flags: Record<string, string> = {};
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    const short = /^-([a-z])$/.exec(word)?.[1];
    if (long !== null) flags[long[1] ?? ''] = long[2] ?? '';
    else if (short !== undefined) flags[SHORT[short] ?? short] = argv[++i] ?? '';
    else words.push(word);
  }
  const [verb = '', ...args] = words;
  return { verb, args, namespace: flags.namespace ?? 'default', flags };
}

/** The pod that `pod/rx`, `pod rx` or `rx` names. */
export function podName(args: readonly string[]): string {
  return args.join('/').split('/').at(-1) ?? '';
}

/** `KEY=VALUE` and `KEY-` of kubectl annotate, carried out on a set of annotations. A slash is part of a key. */
export function annotated(
  annotations: Readonly<Record<string, string>>,
  changes: readonly string[],
): Record<string, string> {
  const result = { ...annotations };
  for (const change of changes) {
    const [, key = '', value] = /^([^=]*?)(?:=(.*)|-)$/s.exec(change) ?? [];
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}
