/** What the tests of a plugin package use: its plugins, held against the contracts of their kinds. */
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../config/plugin-arguments.js';
import { isSwiftError } from '../errors.js';
import type { Listed } from '../registry/catalog.js';
import { KINDS, PLUGIN_KINDS, type ContractOf, type PluginKind } from '../registry/kinds.js';
import { loadPlugins } from '../registry/load-plugins.js';
import type { Plugin } from '../registry/plugins.js';
import type { Services } from '../sdk/services.js';
import { services } from '../sdk/default-services.js';
import { CHECKS } from './checks.js';

export interface CheckOptions {
  /** A model's folder: what tuners tune and templates are tried with. The bundled one when absent. */
  readonly model?: string;
}

/** What is wrong with one plugin. */
export interface Fault {
  /** Its kind and id: `tuner 'mine'`. */
  readonly plugin: string;
  readonly message: string;
}

/** What a check needs. */
export interface Bench {
  readonly services: Services;
  readonly model: string;
}

/**
 * Resolves every plugin of the named packages, folders and files, and holds each against the contract of its kind; with
 * `assert.deepEqual(await checkPlugins(['.']), [])` a test fails with what is wrong.
 *
 * @throws SwiftError when something is named that is no plugin package, folder or file
 */
export async function checkPlugins(
  names: readonly string[],
  { model = bundledModel() }: CheckOptions = {},
): Promise<readonly Fault[]> {
  await loadPlugins(names);
  const bench = { services: services({ plugins: names }), model };
  const { catalog } = bench.services.plugins;
  const sources = new Set(catalog.sources.slice(1, 1 + names.length));
  const faults: Fault[] = [];
  for (const kind of PLUGIN_KINDS) {
    for (const entry of catalog.list(kind).filter(({ source }) => sources.has(source))) {
      const plugin = `${kind} '${entry.id}'`;
      for (const message of await faultsOf(kind, entry, bench)) faults.push({ plugin, message });
    }
  }
  return faults;
}

async function faultsOf<K extends PluginKind>(kind: K, entry: Listed, bench: Bench): Promise<string[]> {
  const faults: string[] = [];
  try {
    argumentsOf(kind, entry);
    const plugin = await bench.services.plugins.resolve(kind, entry.id);
    const missing = KINDS[kind].members.filter((name) => !hasMember(plugin.instance, name));
    if (missing.length > 0) return missing.map((name) => `its class has no '${name}'`);
    if (entry.summary !== plugin.meta.summary) faults.push('registry.json is stale: write it again');
    if (!entry.summary) faults.push('it has no summary');
    const check = CHECKS[kind] as ((plugin: Plugin<K>, bench: Bench) => AsyncGenerator<string>) | undefined;
    if (check) for await (const fault of check(plugin, bench)) faults.push(fault);
  } catch (error) {
    faults.push(isSwiftError(error) ? [error.message, ...error.cure].join(' ') : String(error));
  }
  return faults;
}

function hasMember<K extends PluginKind>(instance: ContractOf<K>, name: string): boolean {
  return typeof (instance as unknown as Record<string, unknown>)[name] !== 'undefined';
}

/** The small model that ships with this package. */
function bundledModel(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist[\\/]$/, '');
  return `${root}assets/models/swift-tiny`;
}
