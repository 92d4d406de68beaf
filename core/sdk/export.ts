import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SwiftError } from '../errors.js';
import { writeFolderAtomic } from '../io/atomic-write.js';
import { writeModelFolder } from '../model/write-model.js';
import type { TunableModel } from './tunable-model.js';

/** Folds a model's adapter into its weights and writes the result as a model folder. Returns the folder. */
export async function exportMerged(
  model: TunableModel & { readonly system?: string },
  folder: string,
): Promise<string> {
  const { tuner, loaded } = model;
  if (!tuner?.merge) {
    throw new SwiftError('BAD_ARGUMENT', 'there is no adapter to merge', {
      cure: 'Give a checkpoint of an adapter: --ckpt_dir output/…/checkpoint-100.',
    });
  }
  const path = resolve(folder);
  if (existsSync(path)) {
    throw new SwiftError('BAD_ARGUMENT', `${path} exists already`, {
      cure: 'Remove it, or choose another --output_dir.',
    });
  }
  tuner.merge(loaded.model);
  const { config, tokenizer, origin } = loaded;
  await writeFolderAtomic(path, async (at) => {
    await writeModelFolder(at, { model: loaded.model, config, tokenizer, origin });
    // Asked later, the model sees the template it was trained with.
    const args = { template_type: loaded.templateId, system: model.system };
    await writeFile(join(at, 'args.json'), `${JSON.stringify(args, null, 2)}\n`);
  });
  return path;
}
