/** Whole reports, made up. */
import type { Claim } from '../../src/conformance/claim.ts';
import { conclude, summaryOf } from '../../src/conformance/conclude.ts';
import type { ConformanceReport } from '../../src/conformance/conformance-report.ts';
import { known, unknown } from '../../src/model/fact.ts';
import { casesOf, type Picture } from './made.ts';

export const BRIDGE: Claim = {
  level: 'broadcast',
  reach: 'node',
  crossesBoundary: false,
  sentence: 'Flannel carries multicast between pods of one node only; no setting changes this.',
};

const GROUPS = {
  4: { family: 4, address: '239.255.1.2', port: 20_001 },
  6: { family: 6, address: 'ff15::6b6d:1:2', port: 20_001 },
} as const;

export function reportOf(pictures: readonly Picture[], claim?: Claim): ConformanceReport {
  const families = pictures.map((picture, index) =>
    conclude(
      GROUPS[index === 0 ? 4 : 6],
      casesOf(picture),
      claim === undefined ? unknown('nothing is known of it') : known(claim),
      undefined,
    ),
  );
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Conformance',
    kmcastVersion: '1',
    time: '2026-01-02T03:04:05.000Z',
    ...summaryOf('Flannel', families),
    network:
      claim === undefined ? null : { name: 'flannel', label: 'Flannel', version: '0.25.6', evidence: 'DaemonSet x' },
    ends: [
      {
        role: 'sender',
        node: 'node1',
        namespace: 'n',
        hostNetwork: false,
        pod: 'p',
        image: 'i',
        addresses: ['10.1.1.1'],
      },
      { role: 'host', node: 'node1', namespace: 'n', hostNetwork: true, addresses: [], problem: 'quota' },
    ],
    families,
  };
}
