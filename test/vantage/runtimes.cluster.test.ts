import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../src/agent/bootstrap.ts';
import { PERL_LOADER, SHELL_READER } from '../../src/agent/loaders.ts';
import { AgentOutput } from '../../src/agent/output.ts';
import type { AgentMessage, ObserveJob } from '../../src/agent/protocol.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Pod } from '../../src/vantage/pod.ts';
import { container, dropNamespace, enterPod, LINKS, makeNamespace, makePod, NS } from './kit.ts';

let cluster: Cluster;
let pods: Pod[];
const CHROOTED_PERL = ['chroot', '/proc/1/root', 'perl', '-e', PERL_LOADER, 'chrooted'];

beforeAll(async () => {
  cluster = await makeNamespace();
  const waiting = (pod: Pod): boolean => /Image/.test(pod.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '');
  const host = { hostNetwork: true, hostPID: true };
  const agent = { ...container('agent', 'busybox', ['sleep', '600']), securityContext: { privileged: true } };
  pods = await Promise.all([
    makePod(cluster, 'bare', { containers: [container('app', 'distroless')] }),
    makePod(cluster, 'pulling', { containers: [container('app', 'nonesuch')] }, waiting),
    makePod(cluster, 'inside', { ...host, containers: [agent] }),
  ]);
});
afterAll(() => dropNamespace(cluster));

describe.each([
  ['perl', CHROOTED_PERL],
  ['sh', ['sh', '-c', SHELL_READER]],
])('from a node pod, %s', (runtime, command) => {
  it('enters pods with a process and with nothing but a sandbox', async () => {
    const commands = [
      { name: 'addr', argv: ['ip', 'addr'], root: 'either' as const },
      { name: 'node', argv: ['hostname'], root: 'node' as const },
    ];
    const reads = { files: ['/proc/net/igmp'], netlink: [LINKS], commands, owners: true };
    const enters = [...pods.slice(0, 2).map(enterPod), { kind: 'node' } as const];
    const absent = { kind: 'pod', containers: [], uid: 'no-such-uid', name: 'a', namespace: 'b' } as const;
    const places = [...enters, absent].map((enter, index) => ({ id: `p${index}`, enter, reads }));
    const job: ObserveJob = { kind: 'observe', deadline: 20, places };
    const { stdin, token } = bootstrap(job, 'node');
    const messages: AgentMessage[] = [];
    const output = new AgentOutput(token, (message) => messages.push(message));
    const onStdout = (chunk: Uint8Array): void => output.push(chunk);
    await cluster.exec({ namespace: NS, pod: 'inside', command, stdin, onStdout, deadline: 25_000 });
    output.end();
    expect(messages[0]).toMatchObject({ type: 'hello', runtime });
    expect(messages.at(-1)).toEqual({ type: 'end', reason: 'finished' });
    for (const [index, own] of ['eth0', 'eth0', 'eth1'].entries()) {
      const said = messages.filter((message) => 'place' in message && message.place === `p${index}`);
      const kinds = said.map(({ type }) => type);
      expect(kinds).toEqual(expect.arrayContaining(['entered', 'file', 'owners', 'command', 'done']));
      expect(said.find(({ type }) => type === 'file')).toMatchObject({ text: expect.stringContaining(own) });
      expect(said.find((message) => message.type === 'command' && message.name === 'addr')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(own),
      });
      expect(said.find((message) => message.type === 'command' && message.name === 'node')).toMatchObject({
        root: 'node',
      });
      if (runtime === 'perl') expect(kinds).toContain('netlink');
    }
    expect(messages.filter(({ type }) => type === 'refused')).toEqual([
      { type: 'refused', place: 'p3', error: 'no process and no sandbox of pod b/a on this node' },
    ]);
  });
});
