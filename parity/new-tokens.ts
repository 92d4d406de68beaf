/** Models with new tokens that this project writes, for transformers and PEFT to load. Deterministic. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tuning } from '../core/adapter/tuning.js';
import { SeededRandom } from '../core/data/random.js';
import { loadModel, type LoadedModel } from '../core/model/load-model.js';
import { writeModelFolder } from '../core/model/write-model.js';
import type { CausalLM } from '../core/nn/index.js';
import { services } from '../core/sdk/default-services.js';
import { writeCheckpointFolder } from '../core/train/checkpoint.js';
import { makeFolder } from '../core/io/make-folder.js';
import { pluginOptions } from '../core/config/plugin-options.js';

const TINY = fileURLToPath(new URL('../assets/models/swift-tiny', import.meta.url));
const own = services({ log: { info: () => undefined, warn: () => undefined } });

export const KINDS = ['tied', 'untied'] as const;
export const NEW_TOKENS = ['<think>', '<|new one|>'];
/** The words around them are tokenized apart. */
export const TEXT = 'What is<think> this,<|new one|>?';

export const load = (source: string, tokens: readonly string[] = []): Promise<LoadedModel> =>
  loadModel({ model_id_or_path: source, use_hf: true, dtype: 'fp32', new_special_tokens: tokens }, own);

/** Folders `base`, `adapter` and `merged` within `folder`. */
export async function writeNewTokens(kind: (typeof KINDS)[number], folder: string): Promise<void> {
  const plain = await load(TINY);
  if (kind === 'untied') {
    plain.model.untie();
    moveALittle(plain.model, ([name]) => name === 'lm_head.weight');
  }
  makeFolder(join(folder, 'base'));
  await writeModelFolder(join(folder, 'base'), plain);
  const { model, tokenizer, config, origin } = await load(join(folder, 'base'), NEW_TOKENS);
  const { instance: tuner, meta } = await own.plugins.resolve('tuner', 'lora');
  const told = pluginOptions(meta, { target_modules: ['q_proj', 'v_proj'], lora_rank: 2 });
  await tuner.apply(model, told, SeededRandom.seeded(7));
  moveALittle(model, ([, { trainable }]) => trainable);
  const tuning = Tuning.of(tuner);
  await writeCheckpointFolder(join(folder, 'adapter'), {
    model,
    tuning,
    tokenizer,
    config,
    origin,
    baseModel: 'tiny/base',
    args: {},
  });
  tuning.merge(model);
  makeFolder(join(folder, 'merged'));
  await writeModelFolder(join(folder, 'merged'), { model, tokenizer, config, origin });
}

type Named = ReturnType<CausalLM['namedParameters']> extends Iterable<infer T> ? T : never;

function moveALittle(model: CausalLM, which: (named: Named) => boolean): void {
  const random = SeededRandom.seeded(3);
  for (const [, parameter] of [...model.namedParameters()].filter(which))
    parameter.data = parameter.data!.map((value) => value + 0.05 * random.normal());
}
