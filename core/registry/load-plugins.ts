/** Imports plugins that are files; without any, not even what it takes to import them. */
export async function loadPlugins(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { loadLoosePlugins } = await import('./loose-plugins.js');
  await loadLoosePlugins(names);
}
