import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isCodes } from '../graph/index.js';
import { SwiftError } from '../errors.js';
import { writeFolderAtomic } from '../io/atomic-write.js';
import { withFields } from '../io/json-text.js';
import { OWN_TEMPLATE } from '../model/choose-template.js';
import type { LoadedModel } from '../model/load-model.js';
import { writeModelFolder } from '../model/write-model.js';
import { idOf } from '../plugin-id.js';
import { checkOutput } from './train-arguments.js';
import type { OpenedModel, TunableModel } from './tunable-model.js';

/** @throws SwiftError BAD_ARGUMENT when weights are to be merged that are rounded first: the sum would be rounded weights */
export function checkMergeable({ quant_bits }: { readonly quant_bits?: number }): void {
  if (!quant_bits) return;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--quant_bits ${quant_bits}: an adapter is merged into whole weights`,
    {
      cure: 'Leave it out, and give --quant_bits where the merged model is loaded.',
    },
  );
}

/**
 * Folds a model's adapters into its weights. Those of a quantized checkpoint are widened for it: codes cannot hold the sum.
 * @throws SwiftError BAD_ARGUMENT without one, or over weights that were quantized when they were loaded
 */
export function mergeAdapter(model: TunableModel): void {
  checkAdapter(model);
  const { codec } = model.loaded;
  if (codec) {
    model.services.log.warn(
      `the base is quantized (${codec.id}): the adapter is merged into its widened weights, which stay whole from here on`,
    );
  }
  model.tuning!.merge(model.loaded.model);
  // It told training what states are worth, and no answer.
  model.loaded.model.value = undefined;
}

function checkAdapter({ tuning, loaded }: TunableModel): void {
  if (!tuning?.merges) {
    throw new SwiftError('BAD_ARGUMENT', 'there is no adapter to merge', {
      cure: 'Give a checkpoint of an adapter: --ckpt_dir output/…/checkpoint-100.',
    });
  }
  const formats = [...loaded.model.namedParameters()].map(([, { format }]) => format);
  const rounded = formats.find(isCodes);
  // Of a quantized checkpoint there are no whole weights to merge into instead.
  if (rounded !== undefined && !loaded.codec) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `the weights are held in ${rounded.name}: an adapter is merged into whole ones`,
      {
        cure: 'Load the base model without quant_bits.',
      },
    );
  }
}

/** A folder that is not there yet and can be made, as far as one can tell. Returns its path. @throws SwiftError */
export function checkFresh(folder: string): string {
  const path = resolve(folder);
  if (existsSync(path)) {
    throw new SwiftError('BAD_ARGUMENT', `${path} exists already`, {
      cure: 'Remove it, or choose another --output_dir.',
    });
  }
  checkOutput(path);
  return path;
}

/** Folds a model's adapter into its weights and writes the result as a model folder. Returns the folder. */
export async function exportMerged(
  model: TunableModel & Pick<OpenedModel, 'system' | 'max_pixels' | 'task_type'>,
  folder: string,
): Promise<string> {
  const { loaded } = model;
  checkAdapter(model);
  const path = checkFresh(folder);
  mergeAdapter(model);
  const { config, tokenizer, origin } = withAddedBlocks(model);
  await writeFolderAtomic(path, async (at) => {
    await writeModelFolder(at, { model: loaded.model, config, tokenizer, origin });
    // Asked later, the model sees the template it was trained with, and is asked for what it was trained for.
    const { system, max_pixels, task_type } = model;
    const { verdict: verdict_tokens } = loaded.heads;
    const { agent } = loaded.template;
    const agent_template = agent && loaded.templateId !== OWN_TEMPLATE ? idOf(agent) : undefined;
    const asked = { task_type, verdict_tokens, system, max_pixels };
    const args = { template_type: loaded.templateId, agent_template, ...asked };
    await writeFile(join(at, 'args.json'), `${JSON.stringify(args, null, 2)}\n`);
  });
  return path;
}

/** What a model is written by: blocks that were added have shifted the numbers of others. */
function withAddedBlocks({
  loaded,
  tuning,
}: TunableModel): Pick<LoadedModel, 'config' | 'origin' | 'tokenizer'> {
  const { config, origin, tokenizer } = loaded;
  const fields = tuning!.fields(config);
  if (Object.keys(fields).length === 0) return loaded;
  const configText = origin.configText && withFields(origin.configText, fields);
  return { config: { ...config, ...fields }, tokenizer, origin: { ...origin, configText, names: new Map() } };
}
