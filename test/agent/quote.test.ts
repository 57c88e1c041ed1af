import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bootstrap } from '../../src/agent/bootstrap.ts';
import { programs } from '../../src/agent/programs.ts';
import { parseOwners } from '../../src/agent/sh/owners.ts';
import { quote, quotePattern } from '../../src/agent/sh/quote.ts';
import { NO_READS, reading } from './runtimes.ts';

const odd = fc.string({ unit: fc.constantFrom(...'a \'"\\$`*?[]!#~&;|<>(){}\n\té€') });

it('quotes for the shell', () => {
  fc.assert(
    fc.property(odd, (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${quote(text)}`]).toString()).toBe(text);
    }),
    { numRuns: 40 },
  );
});

it('leaves only `*` and `?` to the shell', () => {
  expect(quotePattern("/a b/*/c'?[x]")).toBe(`'/a b/'*'/c'\\'''?'[x]'`);
  expect(execFileSync('sh', ['-c', `echo ${quotePattern('/proc/sel?/ns/ne*')}`]).toString()).toMatch(
    /^\/proc\/self\/ns\/net\n$/,
  );
});

it('carries the programs and the job by their sizes', () => {
  const job = reading({ ...NO_READS, files: ['/é'] });
  const { stdin, token } = bootstrap(job, 'node');
  const text = Buffer.from(stdin);
  const end = text.indexOf('\n') + 1;
  const [kmcast, mode, ...rest] = text.toString('utf8', 0, end).trim().split(' ');
  const sizes = rest.slice(0, 5).map(Number);
  expect([kmcast, mode, rest[5]]).toEqual(['kmcast', 'node', token]);
  expect(sizes.reduce((sum, size) => sum + size, end)).toBe(stdin.length);
  expect(JSON.parse(text.toString('utf8', end + sizes[0]!, end + sizes[0]! + sizes[1]!))).toEqual(job);
  expect(text.toString('utf8', end, end + sizes[0]!).endsWith(`\n#${token}\n`)).toBe(true);
});

it('joins Python’s parts without their imports of each other', () => {
  expect(programs().python).not.toMatch(/^from (say|enter|reads|bpf|look|join) /m);
  expect(programs().python).toMatch(/^import json$/m);
});

it('finds owners in what ls prints', () => {
  const own = 'lrwxrwxrwx 1 root root 0 Nov 21 09:00 /proc/self/ns/net -> net:[11]';
  const spaces = ['5', '6']
    .map((pid) => `l 1 root root 0 Nov 21 09:00 /proc/${pid}/ns/net -> net:[${pid === '5' ? 11 : 12}]`)
    .join('\n');
  const sockets = `/proc/5/fd:\nl 1 0 0 64 Nov 21 3 -> socket:[99]\nl 1 0 0 64 Nov 21 4 -> 'socket:[99]'\n/proc/6/fd:\nl 3 -> socket:[98]`;
  expect(parseOwners(own, spaces, sockets, '/proc/5/comm a b\n/proc/6/comm c\n')).toEqual([
    { inode: 99, pid: 5, command: 'a b' },
  ]);
  expect(parseOwners('', '', sockets, '')).toEqual([]);
});
