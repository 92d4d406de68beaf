import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createContainer } from '../../../core/di.js';
import { Catalog } from '../../../core/registry/catalog.js';
import { namedSource } from '../../../core/registry/manifest.js';
import { Plugins } from '../../../core/registry/plugins.js';
import { tuner } from '../../../core/registry/collector.js';
import { imported } from './package/record.js';

const folder = fileURLToPath(new URL('package', import.meta.url));

function plugins(): Plugins {
  return new Plugins(new Catalog([namedSource(folder, folder)]), createContainer());
}

describe('resolve', () => {
  test('imports only the module that is asked for, and once', async () => {
    const first = plugins();
    expect(imported).toEqual([]);
    first.catalog.list('tuner');
    expect(imported).toEqual([]);
    const one = await first.resolve('tuner', 'fixture-one');
    expect(imported).toEqual(['one']);
    expect([one.id, one.meta.summary]).toEqual(['fixture-one', 'records that it is imported']);
    expect(one.instance.constructor.name).toBe('One');
    await first.resolve('tuner', 'fixture-one');
    await plugins().resolve('tuner', 'fixture-one');
    expect(imported).toEqual(['one']);
    await first.resolve('tuner', 'fixture-two');
    expect(imported).toEqual(['one', 'two']);
  });

  test('an entry whose module no longer registers it is stale', async () => {
    await expect(plugins().resolve('tuner', 'fixture-gone')).rejects.toMatchObject({
      code: 'STALE_REGISTRY',
      message: "one.ts no longer registers tuner 'fixture-gone'",
    });
  });

  test.each([
    ['fixture-broken', 'broken.ts of fixture-plugins does not load: Error: libfixture.so is missing'],
    ['fixture-missing', 'missing.ts of fixture-plugins does not load'],
  ])('a module that does not load names itself and its package: %s', async (id, message) => {
    await expect(plugins().resolve('tuner', id)).rejects.toMatchObject({
      code: 'BAD_PLUGIN',
      message: expect.stringContaining(message) as string,
    });
  });

  test('what a module says is wrong reaches the user as it is', async () => {
    await expect(plugins().resolve('tuner', 'fixture-refusing')).rejects.toMatchObject({
      code: 'MISSING_TOKEN',
      message: "Refusing takes 'retries' without a token",
    });
  });
});

test("a package's code runs when something of it is asked for, and is named then", async () => {
  const heard: string[] = [];
  const catalog = new Catalog([namedSource(folder, folder)]);
  const installed = new Plugins(catalog, createContainer(), [], (name) => heard.push(name));
  const entry = catalog.find('tuner', 'fixture-one');
  expect(installed.mayRun(entry)).toBe(false);
  await installed.resolve('tuner', 'fixture-one');
  await installed.resolve('tuner', 'fixture-two');
  expect(heard).toEqual(['fixture-plugins']);
  expect(installed.mayRun(entry)).toBe(true);
  expect(new Plugins(catalog, createContainer(), ['fixture-plugins']).mayRun(entry)).toBe(true);
});

test('two classes under one id: both are named', async () => {
  await plugins().resolve('tuner', 'fixture-one');
  class Second {
    apply(): void {
      // Never constructed.
    }
  }
  expect(() => tuner({ id: 'fixture-one', summary: '' })(Second)).toThrow(
    expect.objectContaining({
      code: 'DUPLICATE_PLUGIN',
      message: "tuner 'fixture-one' is registered by One and again by Second",
    }) as Error,
  );
});
