import { SwiftError } from '../errors.js';

/**
 * Imports plugins that are files; without any, not even what it takes to import them.
 *
 * @throws SwiftError BAD_ARGUMENT for what are no names, BAD_PLUGIN
 */
export async function loadPlugins(names: readonly string[]): Promise<void> {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new SwiftError('BAD_ARGUMENT', 'plugins are no list of names', {
      cure: "Give files, folders or packages: ['./my-model.ts'].",
    });
  }
  if (names.length === 0) return;
  const { loadLoosePlugins } = await import('./loose-plugins.js');
  await loadLoosePlugins(names);
}
