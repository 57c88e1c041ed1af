/** Runs the cases of one family of addresses. */
import type { Access } from '../facts/observe/access.ts';
import type { Group } from '../model/group.ts';
import type { Family } from '../model/netns.ts';
import { type End, endKey } from '../probe/ends.ts';
import { newRun } from '../probe/local-agent.ts';
import { probe } from '../probe/probe.ts';
import { judgeBystander, type Watched, watchBystander } from './bystander.ts';
import type { CaseId, Measured } from './case.ts';
import type { Cast, Seat } from './cast.ts';
import { missingCase, pathCase, unknownCase } from './path-case.ts';
import { type Scene, scenesOf, type TestName } from './script.ts';

export interface Measuring {
  readonly version: string;
  readonly cast: Cast;
  readonly group: Group;
  readonly access: Access;
  /** Of the host outside, where it is named. */
  readonly outsideInterface?: string;
  /** Ports for the unicast control, from this one on: each test has its own. */
  readonly controlPort: number;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Datagrams of the main test take three seconds: members may be learned of late. The other tests come after it. */
const MAIN = { count: 150, rate: 50 };
const MORE = { count: 50, rate: 50 };
const SIZE = 100;
const TTL = 16;
/** Milliseconds without a test, to tell what else reaches the bystanders. */
const QUIET = 1000;
const LINK_TTL = 1;
/** For experiments (RFC 4727 §2.1, §3.2): nobody's in earnest. */
const LINK_LOCAL: Readonly<Record<Family, string>> = { 4: '224.0.0.254', 6: 'ff02::114' };
/** IPv6 groups of link scope need the interface to be named; the first network's has this name in every pod. */
const POD_INTERFACE = 'eth0';

export async function measure(wishes: Measuring): Promise<Measured[]> {
  const { cast } = wishes;
  const scenes = scenesOf(cast);
  const bystanders = [cast.seat('bystander', 0), cast.seat('bystander', 1)];
  const quiet = new Promise((resolve) => setTimeout(resolve, QUIET));
  const gate = new Gate(bystanders.filter((seat) => 'vantage' in seat).length);
  const sent = gate.open.then(() => runTest(wishes, 'main', scenes));
  // A failure is main's own; bystanders only wait for its end.
  const over = sent.then(
    () => undefined,
    () => undefined,
  );
  const watched = await Promise.all(
    bystanders.map((seat) => watch(wishes, seat, { quiet, sent: over, ready: gate.enter })),
  );
  const main = await sent;
  wishes.progress('testing hosts, outside and link-local groups …');
  const others = await Promise.all(AFTER.map((test) => runTest(wishes, test, scenes)));
  const paths = new Map([main, ...others].flatMap((one) => [...one]));
  const count = Math.max(0, ...[...main.values()].map((one) => one.sent));
  const nonMembers = watched.map((one, index) =>
    nonMember(NON_MEMBER[index]!, cast.seat('sender', 0), bystanders[index]!, one, count),
  );
  return [...scenes.map((scene) => paths.get(scene) ?? missingCase(scene)), ...nonMembers];
}

const AFTER = ['hosts', 'inward', 'outward', 'link-local'] as const;
const NON_MEMBER: readonly CaseId[] = ['non-member-same-node', 'non-member-cross-node'];

/** Opens when all have entered. */
class Gate {
  readonly open: Promise<void>;
  #left: number;
  #let = (): void => undefined;

  constructor(count: number) {
    this.#left = count;
    this.open = new Promise((resolve) => {
      this.#let = resolve;
    });
    if (count === 0) this.#let();
  }

  /** For one: entering again counts no more. */
  readonly enter = (): (() => void) => {
    let entered = false;
    return () => {
      if (entered) return;
      entered = true;
      if (--this.#left === 0) this.#let();
    };
  };
}

async function watch(
  { group, signal }: Measuring,
  seat: Seat,
  times: { readonly quiet: Promise<unknown>; readonly sent: Promise<unknown>; readonly ready: () => () => void },
): Promise<Watched | string> {
  if ('missing' in seat) return seat.missing;
  if (seat.vantage === undefined) return 'it cannot be entered';
  return watchBystander(seat.vantage, group, { ...times, ready: times.ready() }, signal);
}

function nonMember(id: CaseId, from: Seat, to: Seat, watched: Watched | string, sent: number): Measured {
  if (typeof watched === 'string') return unknownCase({ id, from, to }, watched);
  if (sent === 0) return unknownCase({ id, from, to }, 'nothing was sent');
  const { observed, received, evidence } = judgeBystander(watched, sent);
  const base = { id, from: from.label, to: to.label, sent, received, ttl: [], sentTtl: TTL };
  if (observed === 'unknown') return { ...base, observed, reason: `the counters do not tell: ${evidence}` };
  return { ...base, observed, evidence };
}

/** One probe for all cases of the test; none where no case has both its ends. */
async function runTest(wishes: Measuring, test: TestName, scenes: readonly Scene[]): Promise<Map<Scene, Measured>> {
  const cases = scenes.flatMap((scene) => {
    const { from, to } = scene;
    return scene.test === test && 'end' in from && 'end' in to ? [{ scene, from: from.end, to: to.end }] : [];
  });
  if (cases.length === 0) return new Map();
  const { version, group, access, progress, signal, controlPort } = wishes;
  const [senders, receivers] = [unique(cases.map(({ from }) => from)), unique(cases.map(({ to }) => to))];
  const isLink = test === 'link-local';
  const address = isLink ? LINK_LOCAL[group.family] : group.address;
  const ttl = isLink ? LINK_TTL : TTL;
  const { report } = await probe({
    version,
    run: newRun(),
    group: { ...group, address },
    family: group.family,
    senders,
    receivers,
    ...(test === 'main' ? MAIN : MORE),
    ...interfaces(wishes, test),
    size: SIZE,
    ttl,
    controlPort: controlPort + ['main', ...AFTER].indexOf(test),
    maxLoss: { share: 1 },
    access,
    announce: () => undefined,
    progress,
    signal,
  });
  return new Map(
    cases.map(({ scene, from, to }) => {
      const index = placeIn(senders, from) * receivers.length + placeIn(receivers, to);
      return [scene, pathCase(scene, report.paths[index]!, ttl)];
    }),
  );
}

function interfaces({ group, outsideInterface }: Measuring, test: TestName) {
  if (test === 'link-local' && group.family === 6) return { fromInterface: POD_INTERFACE, toInterface: POD_INTERFACE };
  if (outsideInterface === undefined) return {};
  if (test === 'outward') return { toInterface: outsideInterface };
  return test === 'inward' ? { fromInterface: outsideInterface } : {};
}

function unique(ends: readonly End[]): End[] {
  return ends.filter((end, index) => placeIn(ends, end) === index);
}

function placeIn(ends: readonly End[], end: End): number {
  return ends.findIndex((other) => endKey(other) === endKey(end));
}
