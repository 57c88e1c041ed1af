/** What the demo shows, in order: commands that anyone can type, each with a line that says what for. */
import { FAR_SOURCE } from '../fault.ts';
import { RECEIVER, STREAM } from '../scene.ts';

export const DEMO_LAB = 'demo';
/** The source is not on the LAN, and the attachment has a route neither to it nor to the group. */
export const DEMO_FAULT = 'route-and-source';

export interface Step {
  /** What one wants to know. */
  readonly why: string;
  /** For a POSIX shell; as it is printed, so it is run. `fix`: what the diagnosis before ended with is pasted. */
  readonly command: string | 'fix';
  /** The exit status that belongs to the story. */
  readonly status: number;
  /** What the output must match. */
  readonly shows?: RegExp;
}

const GROUP = `${STREAM.group}:${STREAM.port}`;
const FREE_PORT = `${STREAM.group}:5999`;

/** Until the lab stands and is broken. */
export const SETTING: readonly Step[] = [
  {
    why: 'A cluster made of network namespaces; a host outside of it sends a stream to a pod',
    command: `kmcast lab up ${DEMO_LAB}`,
    status: 0,
  },
  {
    why: 'Something goes wrong',
    command: `kmcast lab break ${DEMO_FAULT} --name ${DEMO_LAB}`,
    status: 0,
  },
];

/** The incident. */
export const STORY: readonly Step[] = [
  {
    why: 'The receiver gets nothing: it joined, and was never heard of again',
    command: `kubectl -n video logs ${RECEIVER}`,
    status: 0,
    shows: /^joined .*$/m,
  },
  {
    why: 'Why? (The exit status is 1 when there is a cause)',
    command: `kmcast doctor pod/${RECEIVER} -n video --group ${GROUP}`,
    status: 1,
    shows: /^BROKEN/m,
  },
  {
    why: 'Who sends, and where does it come in? Seen from every node',
    command: `kmcast discover-source ${STREAM.group} --on nodes --for 2s`,
    status: 0,
    shows: new RegExp(`^${FAR_SOURCE.replaceAll('.', '\\.')}:`, 'm'),
  },
  { why: 'The fix, pasted as doctor printed it', command: 'fix', status: 0 },
  {
    why: 'Does the group arrive? Sent on the LAN, received in the pod; on a free port, which leaves the application alone',
    command: `kmcast probe --from node/node2 --from-interface eth1 --to pod/${RECEIVER} -n video --group ${FREE_PORT}`,
    status: 0,
    shows: /\bok\b/,
  },
  {
    why: 'And the stream itself, in the application',
    command: `kubectl -n video logs ${RECEIVER} --tail=3`,
    status: 0,
    shows: /^datagram /m,
  },
];

export const END = `kmcast lab down ${DEMO_LAB}`;
