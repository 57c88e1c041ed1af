import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { flow, link, nadConfig, neverStarted, type Patch, snapshot } from './snapshot.ts';

const FROM_NODE = { interface: 'eth1', direction: 'out', source: '10.50.0.11' } as const;

/** Nothing is seen anywhere, also not with a join. */
const silence: Patch = (d) => {
  d.rx.flows = [];
  d.node.flows = [];
  d.node.joinFlows = [];
};

const cases: Record<string, Patch> = {
  'parent-down': (d) => {
    silence(d);
    Object.assign(d.node.netns.links[2]!, { flags: ['BROADCAST', 'MULTICAST'], operstate: 'down' });
    Object.assign(d.rx.netns.links[2]!, { flags: ['NO-CARRIER', 'UP'], operstate: 'lowerlayerdown' });
  },
  'container-not-running': (d) => {
    silence(d);
    Object.assign(d.pod.containers[0]!, { state: 'waiting', reason: 'CrashLoopBackOff', restarts: 7 });
    d.rx.netns.memberships = [];
    d.rx.netns.sockets = [];
  },
  'port-in-use': (d) => {
    silence(d);
    d.pod.hostNetwork = true;
    delete d.pod.annotations[NETWORKS_ANNOTATION];
    d.pod.status = [];
    Object.assign(d.pod.containers[0]!, { state: 'waiting', reason: 'CrashLoopBackOff', restarts: 7 });
    d.rx.netns.memberships = [];
  },
  'nad-parent-wrong-network': (d) => {
    silence(d);
    d.node.netns.links.push(link('eth2', 6));
    d.node.joinFlows = [flow({ interface: 'eth2' })];
  },
  'macvlan-own-node': (d) => {
    silence(d);
    d.node.netns.links[2]!.mac = '02:00:00:00:0e:01';
    d.node.flows = [flow({ ...FROM_NODE, sourceMac: '02:00:00:00:0e:01' })];
  },
  'macvlan-mode-isolates': (d) => {
    silence(d);
    d.rx.netns.links[2]!.mode = 'private';
    d.node.flows = [flow({ ...FROM_NODE, source: '10.50.0.22', sourceMac: '02:00:00:00:00:22' })];
  },
  'mac-conflict': (d) => {
    silence(d);
    d.node.flows = [flow({ interface: 'eth1', sourceMac: '02:00:00:00:00:03' })];
  },
  'address-conflict': (d) => {
    d.rx.flows = [flow({ source: '10.50.0.21' })];
    d.node.flows = [flow({ interface: 'eth1', source: '10.50.0.21' })];
    d.rx.moved = {};
  },
  'interface-without-address': (d) => {
    d.cluster.attachments[0]!.config = nadConfig({ ipam: {} });
    d.rx.netns.addresses.pop();
    d.rx.netns.routes.splice(2, 1);
    d.rx.moved = { 'TcpExt.IPReversePathFilter': 10 };
  },
  'routes-lost': (d) => {
    d.rx.netns.routes.pop();
    d.rx.netns.memberships[0]!.interface = 'eth0';
    d.rx.flows = [];
    d.rx.moved = {};
  },
  'bridge-netfilter-drops': (d) => {
    silence(d);
    d.rx.netns.links.pop();
    d.rx.netns.memberships[0]!.interface = 'eth0';
    delete d.pod.annotations[NETWORKS_ANNOTATION];
    d.pod.status = [];
    d.node.netns.links.push(link('veth8', 10, { kind: 'veth', masterIndex: 5 }));
    d.node.flows = [flow({ interface: 'veth8', source: '10.244.1.8' })];
    d.node.netns.sysctls['net.bridge.bridge-nf-call-iptables'] = '1';
    d.node.netns.firewall.chains = [
      { family: 'ip', table: 'filter', name: 'FORWARD', hook: 'forward', policy: 'drop', packets: 20 },
    ];
    d.node.movedFirewall = [{ family: 'ip', table: 'filter', chain: 'FORWARD', text: 'policy drop', packets: 10 }];
  },
  'ipam-exhausted': (d) => {
    silence(d);
    neverStarted(d, {
      reason: 'FailedCreatePodSandBox',
      message: 'no IP addresses available in range set: 10.50.0.1-10.50.0.2',
    });
  },
  'pod-not-started': (d) => {
    silence(d);
    neverStarted(d, { reason: 'FailedMount', message: 'configmap "settings" not found' });
  },
};

test.each(Object.entries(cases))('%s is the root cause, and its plan has steps', (cause, patch) => {
  const [diagnosis] = diagnose(snapshot(patch), rules);
  expect(diagnosis?.rootCause).toBe(cause);
  expect(diagnosis?.plan.steps.length).toBeGreaterThan(0);
});
