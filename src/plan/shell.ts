/** Text for a POSIX shell. Names come from a cluster: they are data, and stand in quotes unless they cannot be anything but a word. */

/** The value as one shell word. */
export function quote(value: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(value) ? value : `'${value.replace(/'/g, `'\\''`)}'`;
}

/** `kubectl -n NAMESPACE VERB …`, each argument quoted. */
export function kubectl(namespace: string, ...args: readonly string[]): string {
  return ['kubectl', '-n', namespace, ...args].map(quote).join(' ');
}
