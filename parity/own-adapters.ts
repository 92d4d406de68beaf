/** Adapters that this project makes, for PEFT to load. Deterministic: the committed files come out again. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoraOptions } from '../plugins/tuners/lora/arguments.js';
import { Tuning } from '../core/adapter/tuning.js';
import { SeededRandom } from '../core/data/random.js';
import type { CausalLM } from '../core/nn/index.js';
import { writeCheckpointFolder } from '../core/train/checkpoint.js';
import { loadCase, parityCase, plugins } from './cases.js';

const PLAIN: LoraOptions = {
  lora_rank: 4,
  lora_alpha: 8,
  lora_dropout: 0.05,
  use_rslora: false,
  use_dora: false,
  target_modules: ['q_proj', 'v_proj'],
  modules_to_save: [],
  target_regex: null,
  lora_bias_trainable: 'none',
  init_lora_weights: 'true',
  freeze_vit: true,
  freeze_aligner: true,
  freeze_llm: false,
};

/** Options by name, with the parity case each adapts. */
export const OWN_ADAPTERS: Readonly<Record<string, { base: string; options: LoraOptions }>> = {
  plain: { base: 'llama3', options: PLAIN },
  all_linear: {
    base: 'qwen2',
    options: { ...PLAIN, lora_rank: 2, target_modules: ['all-linear'], init_lora_weights: 'gaussian' },
  },
  rslora_regex: {
    base: 'llama3_1',
    options: {
      ...PLAIN,
      use_rslora: true,
      target_modules: [],
      target_regex: '.*layers\\.0\\..*(k_proj|gate_proj)',
    },
  },
  // With dropout, which PEFT refuses on experts it holds in one tensor: it is left out of the file.
  experts: {
    base: 'mixtral',
    options: { ...PLAIN, lora_rank: 2, target_modules: ['q_proj', 'w1', 'w2', 'w3'] },
  },
  dora: { base: 'qwen2_5', options: { ...PLAIN, use_dora: true, target_modules: ['q_proj', 'down_proj'] } },
  embedding: {
    base: 'llama3',
    options: { ...PLAIN, target_modules: ['embed_tokens', 'lm_head'], lora_dropout: 0 },
  },
  everything: {
    base: 'attention_bias',
    options: { ...PLAIN, modules_to_save: ['embed_tokens', 'lm_head'], lora_bias_trainable: 'all' },
  },
};

export const ADAPTER_FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;

/** Tunes the base model by chance, writes a checkpoint, and puts its adapter files into `folder`. */
export async function writeOwnAdapter(name: string, folder: string): Promise<CausalLM> {
  const { base, options } = OWN_ADAPTERS[name];
  const { model, tokenizer, config, origin } = await loadCase(parityCase(base));
  const tuner = (await plugins().resolve('tuner', 'lora')).instance;
  const random = SeededRandom.seeded(7);
  await tuner.apply(model, options, random);
  for (const [path, { trainable, data }] of model.namedParameters()) {
    // As training would: B leaves zero, the rest moves a little.
    const size = path.includes('lora_B') ? 0.1 : 0.02;
    if (trainable) data!.forEach((value, i) => (data![i] = value + size * random.normal()));
  }
  const scratch = mkdtempSync(join(tmpdir(), 'swift-adapter-'));
  try {
    const checkpoint = join(scratch, 'checkpoint-1');
    const baseModel = `tiny/${base}`;
    await writeCheckpointFolder(checkpoint, {
      model,
      tuning: Tuning.of(tuner),
      tokenizer,
      config,
      origin,
      baseModel,
      args: {},
    });
    for (const file of ADAPTER_FILES) cpSync(join(checkpoint, file), join(folder, file));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return model;
}
