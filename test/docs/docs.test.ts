/** Pages for engineers, held to the code where that can be told. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Access, Cluster } from '../../src/cluster/cluster.ts';
import { mayAddEphemeral, mayExec, mayMakeNodePod } from '../../src/vantage/permission.ts';
import { fakeCluster } from '../facts/api/fake-cluster.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const PAGES = [
  'README.md',
  'docs/lab.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/permissions.md',
  'docs/dependencies.md',
  'docs/manifests.md',
  'docs/schema/snapshot.md',
];

test.each(PAGES)('%s: links lead somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#]+)\)/g)].map((m) => m[1]!).filter((to) => !to.includes('://'));
  expect(links.filter((to) => !existsSync(new URL(to, new URL(page, root))))).toEqual([]);
});

test.each(PAGES)('%s: files of the sources that it names are there', (page) => {
  const named = [...read(page).matchAll(/`((?:src|test|docs|scripts)\/[\w./-]+)`/g)].map((m) => m[1]!);
  expect(named.filter((path) => !path.includes('NAME') && !existsSync(new URL(path, root)))).toEqual([]);
});

test('every folder of the sources has its line', () => {
  const folders = readdirSync(new URL('src', root));
  expect(folders.filter((folder) => !read('docs/architecture.md').includes(`| \`src/${folder}/\` |`))).toEqual([]);
});

test('every package that the sources import has its line, and no line is of another', () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read('package.json'));
  const known = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  const page = [...read('docs/dependencies.md').matchAll(/^\| (.*?) \|/gm)].flatMap((m) => [
    ...m[1]!.matchAll(/`([^`]+)`/g),
  ]);
  const named = page.map((m) => m[1]!);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.ts'),
  );
  const imported = sources.flatMap((file) =>
    [...read(`src/${file}`).matchAll(/(?: from |import\()'([@a-z][\w./@:-]*)'/g)].map((m) => m[1]!),
  );
  const packages = new Set(imported.map((path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/')));
  expect([...packages].filter((name) => !name.startsWith('node:') && !named.includes(name))).toEqual([]);
});

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const manifests = [...read('docs/permissions.md').matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap((m) =>
  parseAllDocuments(m[1]!).map(
    (document) =>
      document.toJS() as { kind: string; metadata: { name: string }; rules?: Rule[]; roleRef?: { name: string } },
  ),
);
const rulesOf = (name: string) => manifests.find((m) => m.rules !== undefined && m.metadata.name === name)?.rules ?? [];

test('every role is bound', () => {
  const roles = manifests.flatMap((m) => (m.rules === undefined ? [] : [m.metadata.name]));
  const bound = manifests.flatMap((m) => m.roleRef?.name ?? []);
  expect(roles.length).toBeGreaterThan(4);
  expect(bound).toEqual(roles);
});

test.each<[string, (cluster: Cluster) => Promise<string | undefined>]>([
  ['kmcast-exec', (cluster) => mayExec(cluster, 'x')],
  ['kmcast-node-pods', (cluster) => mayMakeNodePod(cluster, 'x')],
  ['kmcast-ephemeral', (cluster) => mayAddEphemeral(cluster, 'x')],
])('%s allows all that kmcast asks for', async (name, ask) => {
  const allows = ({ verb, group = '', resource, subresource }: Access) =>
    rulesOf(name).some(
      (rule) =>
        rule.apiGroups.includes(group) &&
        rule.resources.includes(subresource === undefined ? resource : `${resource}/${subresource}`) &&
        rule.verbs.includes(verb),
    );
  const can: Cluster['can'] = async (access) => ({ allowed: allows(access), reason: JSON.stringify(access) });
  expect(await ask({ ...fakeCluster({}), can })).toBeUndefined();
});

test('the scripts that CONTRIBUTING.md names are there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...read('CONTRIBUTING.md').matchAll(/npm run ([\w:]+)/g)].map((m) => m[1]!);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
