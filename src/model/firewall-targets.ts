/** Targets and statements other than verdicts: whether a datagram goes on behind them (iptables-extensions(8), nft(8)). */

type Effect = 'accept' | 'drop' | 'continue';

/** They change or note something, and the next rule follows. */
const PASSING: ReadonlySet<string> = new Set(
  [
    'AUDIT CHECKSUM CLASSIFY CONNMARK CONNSECMARK CT DSCP ECN HL HMARK IDLETIMER LED LOG MARK NFLOG NOTRACK RATEEST SECMARK SET',
    'TCPMSS TCPOPTSTRIP TEE TOS TRACE TTL ULOG',
    'mangle dup log meter flow secmark map helper ct timeout expectation',
  ].flatMap((line) => line.split(' ').map((name) => name.toLowerCase())),
);

/** They choose an address for the connection and accept. */
const ACCEPTING: ReadonlySet<string> = new Set(['snat', 'dnat', 'masquerade', 'redirect', 'netmap']);

/** What may follow. Of what is not known everything: user space (NFQUEUE) and proxies decide for themselves. */
export function effectOfTarget(target: string): readonly Effect[] {
  const name = target.toLowerCase();
  if (PASSING.has(name)) return ['continue'];
  return ACCEPTING.has(name) ? ['accept'] : ['accept', 'drop', 'continue'];
}
