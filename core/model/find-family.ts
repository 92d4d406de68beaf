import type { Log } from '../contracts/log.js';
import { nearest, SwiftError } from '../errors.js';
import type { Plugins } from '../registry/plugins.js';
import type { ModelSource } from './model-source.js';
import { withoutScore } from './task-heads.js';

/** A registered id of the family that serves the checkpoint, by its architecture or else its model_type. */
export function findFamily(
  { config, path }: Pick<ModelSource, 'config' | 'path'>,
  { plugins: { catalog }, log }: { readonly plugins: Plugins; readonly log: Log },
): string {
  const architectures = (config.architectures ?? []) as readonly string[];
  for (const name of architectures) {
    const servedAs = (one: string): string | undefined => catalog.modelForArchitecture(one, config);
    const id = servedAs(withoutScore(name)) ?? servedAs(name);
    if (id !== undefined) return id;
  }
  const named =
    architectures.length === 0 ? 'no architecture' : `architecture '${architectures.join("', '")}'`;
  const byType = catalog.modelForType(String(config.model_type));
  if (byType !== undefined) {
    const { family } = catalog.find('model', byType);
    log.warn(`${path}: its config names ${named} that is known; built as ${family}, by its model_type`);
    return byType;
  }
  throw new SwiftError(
    'UNSUPPORTED_MODEL',
    `${path}: no plugin builds ${named} (model_type '${String(config.model_type ?? '')}')`,
    {
      cure: [
        nearestArchitectures(architectures, catalog.knownArchitectures),
        'Give --model_type when the config names another architecture than the family it is.',
      ],
    },
  );
}

/** Compared without what follows the family's name: Qwen2ForSequenceClassification is near Qwen2ForCausalLM. */
function nearestArchitectures(wanted: readonly string[], known: readonly string[]): string {
  const stem = (name: string): string => name.replace(/For[A-Z]\w*$/, '');
  const near = new Set(wanted.flatMap((name) => nearest(stem(name), known.map(stem))));
  const shown = near.size > 0 ? known.filter((name) => near.has(stem(name))) : known;
  return `${near.size > 0 ? 'Nearest that are built' : 'Built'}: ${shown.join(', ')}.`;
}
