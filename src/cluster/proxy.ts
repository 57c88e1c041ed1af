import { canonicalAddress, contains } from '../model/address.ts';

/** The environment, as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy through which a server is reached, as Go programs such as kubectl decide it (golang.org/x/net/http/httpproxy):
 * HTTPS_PROXY or HTTP_PROXY by the server's scheme, upper case first, unless NO_PROXY names the server.
 * Loopback is never proxied.
 * @returns the proxy's URL, or `undefined` for a direct connection.
 */
export function proxyFor(server: URL, environment: Environment): string | undefined {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = (environment[name] || environment[name.toLowerCase()] || '').trim();
  if (proxy === '' || bypasses(server, environment.NO_PROXY || environment.no_proxy || '')) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function bypasses(server: URL, list: string): boolean {
  const host = server.hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const address = canonicalAddress(host);
  if (host === 'localhost' || (address !== undefined && isLoopback(address))) return true;
  return list.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port, address));
}

function matches(entry: string, host: string, port: string, address: string | undefined): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return address !== undefined && contains(entry, address);
  const pattern = splitPort(entry);
  if (pattern.port !== undefined && pattern.port !== port) return false;
  const literal = canonicalAddress(pattern.host);
  if (literal !== undefined) return literal === address;
  // `.example.com` and `*.example.com` are the subdomains only, `example.com` is the domain as well.
  const domain = pattern.host.replace(/^\*\./, '.');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function splitPort(entry: string): { host: string; port?: string } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  const plain = /^([^:]+):(\d+)$/.exec(entry);
  const [, host = entry, port] = bracketed ?? plain ?? [];
  return port === undefined ? { host } : { host, port };
}

function isLoopback(address: string): boolean {
  return contains('127.0.0.0/8', address) || address === '::1';
}
