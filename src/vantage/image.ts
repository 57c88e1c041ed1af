/** Which image a pod of kmcast's runs. No name is trusted: the likely ones are tried together, and the first that runs is used. */
import type { Node } from './pod.ts';

/** The documented public default, for nodes on which no usable image is found. It holds python3 and the network tools. */
export const DEFAULT_IMAGE = 'docker.io/nicolaka/netshoot:v0.13';

/** An image, and the program that keeps its container alive while agents run in it. */
export interface Candidate {
  readonly image: string;
  readonly pullPolicy: 'IfNotPresent' | 'Never';
  readonly holder: 'sh' | 'python3' | 'node';
}

/** Containers of one pod: the kubelet starts them one after another, so few are quick. */
const TOGETHER = 2;
/** Rounds with images of the node, before the default is pulled. */
const ROUNDS = 4;

/**
 * Names by how likely the image has a shell and Python or Perl: tools first, then what network plugins bring along, then
 * common bases. What matches nothing comes after these; the last pattern comes last.
 */
const LIKELY = [
  /netshoot|network-?multitool|nettools|toolbox|debug/,
  /tcpdump|wireshark|iperf|dnsutils/,
  /(^|[/-])python|jupyter|ansible/,
  /multus|ovn-|openvswitch|kube-ovn|sriov/,
  /(^|[/-])perl|debian|ubuntu|fedora|centos|rockylinux|almalinux|\bubi\d*\b/,
  /cilium\/cilium|calico[/-]node|antrea|weave|kube-router|flannel|aws-k8s-cni|amazon-k8s-cni/,
  /kube-proxy|node-problem-detector|local-path|csi/,
  /alpine|busybox/,
];
const UNLIKELY = /pause|distroless|scratch|coredns|etcd|kube-(apiserver|scheduler|controller)|metrics-server/;

/**
 * Rounds of candidates, to be tried in this order. With `image` (the operator's choice) that one alone, by each program that
 * could hold it; else the node's images, and the default at the end.
 */
export function imageRounds(image: string | undefined, node: Node | undefined): Candidate[][] {
  if (image !== undefined) return [pulled(image)];
  const present = likelyImages(node).map((name): Candidate => ({ image: name, pullPolicy: 'Never', holder: 'sh' }));
  return [...inRounds(present), pulled(DEFAULT_IMAGE).slice(0, 1)];
}

/**
 * The same for a pod in which agents must find their runtime in the image itself: what keeps the container alive is that runtime, so
 * that an image without it fails at once.
 */
export function agentImageRounds(image: string | undefined, node: Node | undefined): Candidate[][] {
  if (image !== undefined) return [pulled(image).filter(isAgent)];
  const present = likelyImages(node).flatMap((name) =>
    AGENTS.map((holder): Candidate => ({ image: name, pullPolicy: 'Never', holder })),
  );
  return [...inRounds(present), pulled(DEFAULT_IMAGE).filter(isAgent).slice(0, 1)];
}

const AGENTS = ['python3', 'node'] as const;

function inRounds(candidates: readonly Candidate[]): Candidate[][] {
  const rounds: Candidate[][] = [];
  for (let at = 0; at < candidates.length && rounds.length < ROUNDS; at += TOGETHER) {
    rounds.push(candidates.slice(at, at + TOGETHER));
  }
  return rounds;
}

function isAgent({ holder }: Candidate): boolean {
  return holder !== 'sh';
}

/** The images on a node, likeliest first, one name each. */
export function likelyImages(node: Node | undefined): string[] {
  const images = (node?.status?.images ?? []).flatMap(({ names }) => {
    // A tag reads better than a digest, and both name the same image.
    const name = names?.find((candidate) => !candidate.includes('@')) ?? names?.[0];
    return name === undefined ? [] : [name];
  });
  return [...new Set(images)].sort((a, b) => rank(a) - rank(b));
}

/** The likeliest image of a node that is known to be of any use, for a container that is tried only once. */
export function likeliestImage(node: Node | undefined): string | undefined {
  const [image] = likelyImages(node);
  return image !== undefined && rank(image) < LIKELY.length ? image : undefined;
}

function rank(image: string): number {
  if (UNLIKELY.test(image)) return LIKELY.length + 1;
  const found = LIKELY.findIndex((pattern) => pattern.test(image));
  return found < 0 ? LIKELY.length : found;
}

function pulled(image: string): Candidate[] {
  return (['sh', 'python3', 'node'] as const).map((holder) => ({ image, pullPolicy: 'IfNotPresent', holder }));
}

/** The command that keeps a container alive for so many seconds. */
export function holderCommand(holder: Candidate['holder'], seconds: number): string[] {
  switch (holder) {
    case 'sh':
      return ['sh', '-c', `sleep ${seconds}`];
    case 'python3':
      return ['python3', '-c', `import time; time.sleep(${seconds})`];
    case 'node':
      return ['node', '-e', `setTimeout(() => {}, ${seconds * 1000})`];
  }
}

/** A command that ends at once with status 0, to see whether the container runs. */
export function trialCommand(holder: Candidate['holder']): string[] {
  return { sh: ['sh', '-c', ':'], python3: ['python3', '-c', ''], node: ['node', '-e', ''] }[holder];
}
