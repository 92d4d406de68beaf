import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Catalog } from '../../../core/registry/catalog.js';
import { installedSources, namedSource, ownSource } from '../../../core/registry/manifest.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugins-'));
});

interface Written {
  readonly name: string;
  readonly tuner?: string;
  readonly keywords?: readonly string[];
  readonly registry?: string;
}

/** Writes a package; by default one that is discovered, with one tuner. */
function write(at: string, { name, tuner = name, keywords = ['swift-plugin'], registry }: Written): void {
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(at, 'package.json'),
    JSON.stringify({ name, keywords, swift: { registry: 'swift/registry.json' } }),
  );
  mkdirSync(join(at, 'swift'), { recursive: true });
  const plugins = { tuner: { [tuner]: { module: 'dist/x.js', class: 'X', summary: 's' } } };
  writeFileSync(
    join(at, 'swift/registry.json'),
    registry ?? JSON.stringify({ version: 1, plugins, architectures: {} }),
  );
}

/** For packages that are all sound. */
const fail = (fault: Error): void => {
  throw fault;
};

const modules = (...names: string[]) => join(folder, ...names.flatMap((name) => ['node_modules', name]));

describe('discovery', () => {
  test('finds packages by keyword, scoped ones and those of parent folders', () => {
    write(modules('plain'), { name: 'plain' });
    write(modules('@scope/own'), { name: '@scope/own' });
    write(modules('silent'), { name: 'silent', keywords: ['swift-plugin-not', 'other'] });
    const project = join(folder, 'deep', 'project');
    mkdirSync(project, { recursive: true });
    const names = installedSources(project, fail).map(({ name }) => name);
    expect(names.sort()).toEqual(['@scope/own', 'plain']);
  });

  test('the nearest copy of a package counts', () => {
    write(modules('twice'), { name: 'twice', tuner: 'far' });
    const project = join(folder, 'project');
    write(join(project, 'node_modules', 'twice'), { name: 'twice', tuner: 'near' });
    const [source] = installedSources(project, fail);
    expect(Object.keys(source.manifest.plugins.tuner!)).toEqual(['near']);
    const url = source.moduleUrl(source.manifest.plugins.tuner!.near);
    expect(url).toMatch(/^file:.*\/project\/node_modules\/twice\/dist\/x\.js$/);
  });

  test('a folder without node_modules has none', () => {
    expect(installedSources(folder, fail)).toEqual([]);
  });

  test('a catalog holds own plugins, named ones and installed ones, none of them twice', () => {
    write(modules('installed'), { name: 'installed' });
    const catalog = Catalog.discover(['installed'], folder);
    expect(catalog.sources.map(({ name }) => name)).toEqual(['swift-ts', 'installed']);
    expect(catalog.find('tuner', 'installed').source.name).toBe('installed');
    expect(catalog.has('tuner', 'lora')).toBe(true);
  });

  test('an id of ours in a named package names both; in one merely installed ours counts, and it is said', () => {
    write(modules('rival'), { name: 'rival', tuner: 'lora' });
    expect(() => Catalog.discover(['rival'], folder)).toThrow(/tuner 'lora' is in swift-ts .* and in rival/);
    const catalog = Catalog.discover([], folder);
    expect(catalog.find('tuner', 'lora').source.name).toBe('swift-ts');
    expect(catalog.faults.map(String)).toEqual([expect.stringMatching(/in swift-ts .* and in rival/)]);
  });

  test.each([
    ['no JSON', '{'],
    ['of another version', '{"version": 0}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['without plugins', '{"version": 1, "architectures": {}}'],
    ['with plugins that are a list', '{"version": 1, "plugins": [], "architectures": {}}'],
    ['with an entry that is a text', '{"version": 1, "plugins": {"tuner": {"x": "y"}}, "architectures": {}}'],
    ['with an entry without module', '{"version": 1, "plugins": {"tuner": {"x": {}}}, "architectures": {}}'],
  ])('an installed package whose registry is %s stops nobody; a named one is an error', (_, registry) => {
    write(modules('broken'), { name: 'broken', registry });
    write(modules('sound'), { name: 'sound' });
    const catalog = Catalog.discover([], folder);
    expect(catalog.sources.map(({ name }) => name)).toEqual(['swift-ts', 'sound']);
    expect(catalog.faults).toHaveLength(1);
    expect(catalog.faults[0].message).toContain('broken');
    expect(() => Catalog.discover(['broken'], folder)).toThrow();
  });

  test('what a package names lies inside it', () => {
    const out = (module: string) =>
      JSON.stringify({
        version: 1,
        plugins: { tuner: { x: { module, class: 'X', summary: 's' } } },
        architectures: {},
      });
    for (const module of ['../outside.js', '/etc/outside.js', 'dist/../../outside.js']) {
      write(join(folder, 'mine'), { name: 'mine', registry: out(module) });
      const source = namedSource('mine', folder);
      expect(() => source.moduleUrl(source.manifest.plugins.tuner!.x)).toThrow('is outside the package');
    }
  });
});

describe('--plugins', () => {
  test('takes a folder, absolute or not, and a package name; the keyword is not needed', () => {
    write(join(folder, 'mine'), { name: 'mine', keywords: [] });
    write(modules('@scope/theirs'), { name: '@scope/theirs', keywords: [] });
    expect(namedSource(join(folder, 'mine'), '/').name).toBe('mine');
    expect(namedSource('mine', folder).name).toBe('mine');
    expect(namedSource('@scope/theirs', folder).name).toBe('@scope/theirs');
  });

  test('a folder without plugins is refused', () => {
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty" }');
    for (const name of [folder, 'nowhere']) {
      expect(() => namedSource(name, folder)).toThrow(
        expect.objectContaining({
          code: 'BAD_PLUGIN',
          message: expect.stringContaining(name) as string,
        }) as Error,
      );
    }
  });
});

describe('registry files', () => {
  test.each([
    [
      'of another version',
      '{ "version": 99, "plugins": {}, "architectures": {} }',
      'STALE_REGISTRY',
      'version 99',
    ],
    ['cut short', '{ "version": 1, "plu', 'BAD_PLUGIN', 'is not JSON'],
  ])('%s', (_, registry, code, shown) => {
    write(modules('bad'), { name: 'bad', registry });
    expect(() => installedSources(folder, fail)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(shown) as string }) as Error,
    );
    expect(() => installedSources(folder, fail)).toThrow(/registry\.json/);
  });

  test('a package that promises one but has none', () => {
    const at = modules('promising');
    mkdirSync(at, { recursive: true });
    const text = { name: 'promising', keywords: ['swift-plugin'], swift: { registry: 'none.json' } };
    writeFileSync(join(at, 'package.json'), JSON.stringify(text));
    expect(() => installedSources(folder, fail)).toThrow(
      expect.objectContaining({ code: 'STALE_REGISTRY' }) as Error,
    );
  });

  test('ours lists the modules beside it', () => {
    const { manifest, moduleUrl } = ownSource();
    expect(moduleUrl(manifest.plugins.backend!.reference)).toMatch(
      /\/plugins\/backends\/reference\/index\.ts$/,
    );
  });
});
