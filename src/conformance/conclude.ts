/** From what was measured, and what is claimed, to the verdict: pure. */
import { type Fact, isKnown, reasonOf, valueIn } from '../model/fact.ts';
import { formatGroup, type Group } from '../model/group.ts';
import { type CaseReport, compared, isNonMember, type Measured } from './case.ts';
import { type Claim, claimedFor } from './claim.ts';
import { type FamilyReport, VERDICTS, type Verdict } from './conformance-report.ts';
import { type Crossing, type Judgement, judge, type Subnets } from './judge.ts';

export function conclude(
  group: Group,
  measured: readonly Measured[],
  claim: Fact<Claim>,
  subnets: Subnets,
): FamilyReport {
  const judgement = judge(measured, subnets);
  const claimed = valueIn(claim);
  const cases = measured.map((one) =>
    compared(
      one,
      claimed === undefined ? null : claimedFor(one.id, claimed, subnets),
      claimed?.level === 'igmp-snooped',
    ),
  );
  const noClaim = reasonOf(claim);
  return {
    family: group.family,
    group: formatGroup(group),
    verdict: verdictOf(cases, judgement, isKnown(claim)),
    level: judgement.level,
    reach: judgement.reach,
    crossesBoundary: judgement.crossing,
    claim: claimed === undefined ? null : bare(claimed),
    ...(noClaim === undefined ? {} : { noClaim }),
    differences: cases.flatMap(differenceOf),
    unknown: judgement.unknown,
    cases,
  };
}

function bare({ level, reach, crossesBoundary, sentence }: Claim): Claim {
  return { level, reach, crossesBoundary, sentence };
}

function verdictOf(cases: readonly CaseReport[], { level, reach }: Judgement, isClaimed: boolean): Verdict {
  if (cases.some(({ outcome }) => outcome === 'less')) return 'falls-short';
  if (level === null || reach === null) return 'unknown';
  if (cases.some(({ outcome }) => outcome === 'more')) return 'exceeds';
  return isClaimed ? 'conforms' : 'measured';
}

function differenceOf({ id, from, to, outcome, observed, sent, received }: CaseReport): string[] {
  if (outcome !== 'less' && outcome !== 'more') return [];
  const what = isNonMember(id) ? 'frames to a non-member' : 'datagrams';
  const said =
    observed === 'arrives'
      ? `${what} are said not to arrive, and ${received} of ${sent} did`
      : `${what} are said to arrive, and none did`;
  return [`${id} (${from} → ${to}): ${said}`];
}

/** The worst verdict, and the network's name and its behaviour in one sentence. */
export function summaryOf(
  label: string,
  families: readonly FamilyReport[],
): { readonly verdict: Verdict; readonly summary: string } {
  const verdict = VERDICTS.find((one) => families.some((family) => family.verdict === one)) ?? 'unknown';
  const words = families.map(wordsOf);
  const isSame = new Set(words).size === 1;
  const parts = isSame ? words.slice(0, 1) : words.map((text, index) => `IPv${families[index]?.family}: ${text}`);
  return { verdict, summary: `${label} ${parts.join('; ')}` };
}

function wordsOf(family: FamilyReport): string {
  const { level, reach, crossesBoundary, verdict, differences, unknown } = family;
  if (verdict === 'unknown') return `could not be measured: ${unknown.join('; ')}`;
  const does = `${doesWhat(family)}${crossesBoundary === null ? '' : `, ${CROSSES[crossesBoundary]}`}`;
  const claim = {
    conforms: '; so it claims',
    measured: '; nothing is claimed',
    exceeds: `; more than it claims (${differences.length} ${plural(differences.length)})`,
    'falls-short': `; not as it claims (${differences.length} ${plural(differences.length)})`,
  }[verdict];
  return level === null || reach === null ? `does not do what it claims: ${differences.join('; ')}` : `${does}${claim}`;
}

function plural(count: number): string {
  return count === 1 ? 'case' : 'cases';
}

function doesWhat({ level, reach }: FamilyReport): string {
  if (level === 'none') return 'carries no multicast between pods';
  const how = level === 'broadcast' ? 'floods multicast' : 'brings multicast to members alone,';
  return `${how} within ${WITHIN[reach ?? 'none']}`;
}

const WITHIN: Readonly<Record<NonNullable<FamilyReport['reach']>, string>> = {
  none: 'nothing',
  node: 'a node',
  namespace: 'a namespace',
  subnet: 'a subnet',
  cluster: 'the cluster',
  'l2-segment': 'the LAN that the pods are on',
};

const CROSSES: Readonly<Record<Crossing, string>> = {
  no: 'and none crosses its boundary',
  out: 'and lets it out',
  in: 'and lets it in from outside',
  both: 'and lets it out and in',
};
