/** The agent's programs for other runtimes, as text: parts joined to one program each. */
import { readFileSync } from 'node:fs';

/** Where each program's parts are, in the order in which they are joined. */
export const PARTS = {
  python: [
    'say',
    'enter',
    'reads',
    'bpf',
    'look',
    'join',
    'probe',
    'control',
    'datagram',
    'account',
    'batch',
    'count',
    'receive',
    'send',
    'agent',
  ].map((name) => `python/${name}.py`),
  perl: ['say', 'enter', 'reads', 'commands', 'agent'].map((name) => `perl/${name}.pl`),
  node: ['account', 'traffic', 'count', 'receive', 'send', 'control', 'agent'].map((name) => `node/${name}.cjs`),
  sh: ['sh/agent.sh'],
} as const;

const FLEET_PARTS = ['say', 'join', 'datagram', 'account', 'batch', 'count', 'receive', 'send', 'fleet'].map(
  (name) => `python/${name}.py`,
);
const CAPTURE_PARTS = ['say', 'enter', 'bpf', 'look', 'join', 'capture'].map((name) => `python/${name}.py`);

/** The programs by runtime. */
export type Programs = Readonly<Record<keyof typeof PARTS, string>>;

/** Set by the bundler (`define`): the text of every part by its path. Absent when run from the sources. */
declare const KMCAST_AGENT_PARTS: Readonly<Record<string, string>> | undefined;

let loaded: Programs | undefined;

/** The programs, read on first use. */
export function programs(): Programs {
  loaded ??= {
    python: joinPython(PARTS.python),
    perl: joinParts('perl'),
    node: joinNode(PARTS.node),
    sh: joinParts('sh'),
  };
  return loaded;
}

/** The program of a capture's agent, which is Python's alone. */
export function captureProgram(): string {
  return joinPython(CAPTURE_PARTS);
}

/** The shell's part in a capture by tcpdump. */
export function tcpdumpProgram(): string {
  return ['sh/agent.sh', 'sh/capture.sh'].map(readPart).join('\n');
}

/** The program of a fleet's agents (`src/fleet/`), which is Python's alone. */
export function fleetProgram(): string {
  return joinPython(FLEET_PARTS);
}

/** In one program, the parts need not import each other. */
function joinPython(parts: readonly string[]): string {
  const names = parts.map((part) => /(\w+)\.py$/.exec(part)?.[1]);
  const imports = new RegExp(`^from (?:${names.join('|')}) import .*\\n`, 'gm');
  return parts.map(readPart).join('\n').replace(imports, '');
}

/** Modules in one program: `require` gives a part by its path, and else what Node has. */
function joinNode(parts: readonly string[]): string {
  const modules = parts.map(
    (part) => `${JSON.stringify(part.replace('node/', './'))}(require, module) {\n${readPart(part)}\n}`,
  );
  return `const parts = {\n${modules.join(',\n')}\n};
const loaded = {};
const use = (name) => {
  if (!parts[name]) return require(name);
  if (!loaded[name]) parts[name](use, (loaded[name] = { exports: {} }));
  return loaded[name].exports;
};
use('./agent.cjs');
`;
}

function joinParts(runtime: keyof typeof PARTS): string {
  return PARTS[runtime].map(readPart).join('\n');
}

function readPart(path: string): string {
  if (typeof KMCAST_AGENT_PARTS !== 'undefined') return KMCAST_AGENT_PARTS[path] ?? '';
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
