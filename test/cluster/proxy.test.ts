import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/cluster/proxy.ts';

const PROXY = 'http://proxy:3128';
const through = (server: string, noProxy: string) =>
  proxyFor(new URL(server), { HTTPS_PROXY: PROXY, NO_PROXY: noProxy }) !== undefined;

describe('which proxy', () => {
  it('goes by the scheme, upper case first', () => {
    const environment = { HTTPS_PROXY: 'http://a', https_proxy: 'http://b', http_proxy: 'http://c' };
    expect(proxyFor(new URL('https://api.example'), environment)).toBe('http://a');
    expect(proxyFor(new URL('http://api.example'), environment)).toBe('http://c');
    expect(proxyFor(new URL('https://api.example'), { HTTPS_PROXY: '', https_proxy: 'http://b' })).toBe('http://b');
    expect(proxyFor(new URL('https://api.example'), { HTTP_PROXY: 'http://a' })).toBeUndefined();
  });

  it('takes a bare host as an http proxy and keeps other schemes', () => {
    expect(proxyFor(new URL('https://api.example'), { HTTPS_PROXY: 'proxy:3128' })).toBe('http://proxy:3128');
    expect(proxyFor(new URL('https://api.example'), { HTTPS_PROXY: 'socks5://proxy:1080' })).toBe(
      'socks5://proxy:1080',
    );
  });

  it('never proxies loopback', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
      expect(through(`https://${host}:6443`, '')).toBe(false);
  });
});

describe('NO_PROXY', () => {
  it.each([
    ['https://api.example.com:6443', '*', false],
    ['https://api.example.com:6443', 'example.com', false],
    ['https://example.com:6443', 'example.com', false],
    ['https://badexample.com', 'example.com', true],
    ['https://api.example.com', '.example.com', false],
    ['https://example.com', '.example.com', true],
    ['https://api.example.com', '*.example.com', false],
    ['https://example.com', '*.example.com', true],
    ['https://API.Example.com', ' x, EXAMPLE.com ', false],
    ['https://example.com:6443', 'example.com:6443', false],
    ['https://example.com:6443', 'example.com:443', true],
    ['https://example.com', 'example.com:443', false],
    ['https://10.1.2.3:6443', '10.0.0.0/8', false],
    ['https://11.1.2.3:6443', '10.0.0.0/8', true],
    ['https://10.1.2.3:6443', '10.1.2.3', false],
    ['https://10.1.2.3:6443', '10.1.2.3:6444', true],
    ['https://10.1.2.34:6443', '10.1.2.3', true],
    ['https://[fd00::1]:6443', 'fd00::/8', false],
    ['https://[fd00::1]:6443', 'fd00:0::1', false],
    ['https://[fd00::1]:6443', '[fd00::1]:6443', false],
    ['https://[fd00::1]:6443', '[fd00::1]:1', true],
    ['https://api.example.com', '10.0.0.0/33,,nonsense/x', true],
  ])('%s with %s: proxied %s', (server, noProxy, proxied) => {
    expect(through(server, noProxy)).toBe(proxied);
  });
});
