/** The architectures of GGUF files that model plugins know. */
import type { GgufTable } from '../io/gguf/index.js';
import type { Plugins } from '../registry/plugins.js';

export function ggufTable(plugins: Plugins): GgufTable {
  const { catalog } = plugins;
  return {
    names: catalog.knownGguf,
    async find(name) {
      const id = catalog.modelForGguf(name);
      return id === undefined ? undefined : (await plugins.resolve('model', id)).meta.gguf?.[name];
    },
  };
}
