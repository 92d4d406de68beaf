import type { LoraOptions } from '../plugins/tuners/lora/arguments.js';

/** A small adapter on every linear layer, with dropout. */
export const LORA: LoraOptions = {
  lora_rank: 2,
  lora_alpha: 4,
  lora_dropout: 0.3,
  use_rslora: false,
  use_dora: false,
  target_modules: ['all-linear'],
  modules_to_save: [],
  target_regex: null,
  lora_bias_trainable: 'none',
  init_lora_weights: 'true',
  freeze_vit: true,
  freeze_aligner: true,
  freeze_llm: false,
};
