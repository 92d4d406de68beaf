import type { TunerOptions } from '../../../core/contracts/tuner.js';

/** A small adapter on every linear layer, with dropout. */
export const LORA: TunerOptions = {
  lora_rank: 2,
  lora_alpha: 4,
  lora_dropout: 0.3,
  use_rslora: false,
  target_modules: ['all-linear'],
  modules_to_save: [],
  lora_bias: 'none',
  init_lora_weights: 'true',
  freeze_parameters: [],
  freeze_parameters_ratio: 0,
  additional_trainable_parameters: [],
};
