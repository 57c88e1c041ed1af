/** What the kernel refuses, as sentences for the operator: what failed, why, what to do. */

/** Why datagrams to `to` do not leave. */
export function sendErrorText(to: string, error: { readonly code?: string; readonly error: string }): string {
  return `${to}: ${SEND[error.code ?? ''] ?? error.error}`;
}

/** Why `group` cannot be joined or listened to. */
export function joinErrorText(group: string, error: { readonly code?: string; readonly error?: string }): string {
  return `${group}: ${JOIN[error.code ?? ''] ?? error.error ?? 'it cannot be received'}`;
}

const SEND: Readonly<Record<string, string>> = {
  ENETUNREACH: 'no route leads there (ENETUNREACH); name the interface, or add a route to the group on it',
  EHOSTUNREACH: 'a route refuses it, or the neighbour does not answer (EHOSTUNREACH)',
  EPERM: 'a packet filter on the sending side refuses it (EPERM)',
  EACCES: 'a route or policy prohibits it (EACCES)',
  ENODEV: 'there is no such interface (ENODEV)',
  EADDRNOTAVAIL: 'the address to send from is not on this host (EADDRNOTAVAIL)',
  EMSGSIZE: 'the datagrams are larger than one may be (EMSGSIZE); make them smaller',
  ECONNREFUSED: 'nobody listens on the port (ECONNREFUSED)',
  ENOBUFS: 'the interface sends slower than asked (ENOBUFS); lower the rate',
  EINVAL: 'the kernel cannot send there by this interface (EINVAL)',
};

const JOIN: Readonly<Record<string, string>> = {
  ENODEV: 'no route leads to the group, so that the kernel cannot choose an interface (ENODEV); name the interface',
  EADDRINUSE: 'another program holds the port and does not share it (EADDRINUSE); take another port',
  ENOBUFS: 'the limit of memberships is reached (ENOBUFS); raise net.ipv4.igmp_max_memberships',
  EINVAL: 'it cannot be joined like this (EINVAL): is it a group, and is the interface right?',
  EACCES: 'ports below 1024 need root (EACCES)',
  EADDRNOTAVAIL: 'the address is not on this host (EADDRNOTAVAIL); name the interface',
};
