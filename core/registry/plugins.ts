import { fileURLToPath } from 'node:url';
import type { Container } from '../di.js';
import { isSwiftError, SwiftError } from '../errors.js';
import { nameInstance } from '../plugin-id.js';
import type { Catalog, Listed } from './catalog.js';
import { findRegistration, type Registration } from './collector.js';
import { KINDS, type ContractOf, type MetaOf, type PluginKind } from './kinds.js';

/** A plugin instance with what its decorator says. */
export interface Plugin<K extends PluginKind> {
  readonly id: string;
  readonly meta: MetaOf<K>;
  readonly instance: ContractOf<K>;
}

/** Resolves ids to instances; imports only the module that is asked for. */
export class Plugins {
  /** Packages of which something was asked for. */
  private readonly asked: Set<string>;

  /**
   * @param named packages that the user named
   * @param onPackage told of another package when its code first runs
   */
  constructor(
    readonly catalog: Catalog,
    private readonly container: Container,
    named: readonly string[] = [],
    private readonly onPackage?: (name: string) => void,
  ) {
    this.asked = new Set(['swift-ts', ...named]);
  }

  /** Whether a plugin that nobody names, such as a patcher, may run: its package was asked for. */
  mayRun({ source }: Listed): boolean {
    return this.asked.has(source.name);
  }

  /** @throws SwiftError UNKNOWN_PLUGIN, STALE_REGISTRY, BAD_PLUGIN */
  async resolve<K extends PluginKind>(kind: K, id: string): Promise<Plugin<K>> {
    const entry = this.catalog.find(kind, id);
    if (!this.asked.has(entry.source.name)) {
      this.asked.add(entry.source.name);
      this.onPackage?.(entry.source.name);
    }
    const { meta, target } = await this.registration(kind, entry);
    const instance = this.container.resolve(target as never) as ContractOf<K>;
    nameInstance(instance as object, entry.id);
    const missing = KINDS[kind].members.filter((name) => !(name in (instance as object)));
    if (missing.length > 0) {
      throw new SwiftError('BAD_PLUGIN', `${kind} '${id}' of ${entry.source.name} has no '${missing[0]}'`, {
        cure: `A ${kind} has ${KINDS[kind].members.join(', ')}. Report it to the author of ${entry.source.name}.`,
      });
    }
    return { id: entry.id, meta: meta as MetaOf<K>, instance };
  }

  private async registration(kind: PluginKind, entry: Listed): Promise<Registration> {
    const held = findRegistration(kind, entry.id);
    if (held) return held;
    try {
      await loadModule(entry.source.moduleUrl(entry));
    } catch (cause) {
      if (isSwiftError(cause)) throw cause;
      throw new SwiftError(
        'BAD_PLUGIN',
        `${entry.module} of ${entry.source.name} does not load: ${String(cause)}`,
        {
          cure: `Report it to the author of ${entry.source.name}.`,
          exitCode: 1,
          cause,
        },
      );
    }
    const found = findRegistration(kind, entry.id);
    if (found) return found;
    throw new SwiftError('STALE_REGISTRY', `${entry.module} no longer registers ${kind} '${entry.id}'`, {
      cure: 'Generate the registry again: npm run registry.',
      exitCode: 1,
    });
  }
}

/**
 * Loads a module as this one was loaded. Where a transpiler has made CommonJS of this package for a CommonJS program,
 * `import` would bring a second copy of every class, and no plugin's layers would be core's.
 */
async function loadModule(url: string): Promise<void> {
  const isCommonJs = typeof require === 'function' && fileURLToPath(import.meta.url) in require.cache;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the very point
  if (isCommonJs) require(fileURLToPath(url));
  else await import(/* @vite-ignore */ url);
}
