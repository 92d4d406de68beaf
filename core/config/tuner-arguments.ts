import { bool, choice, float, int, optionalString, string, strings } from './argument.js';

/** How the model is tuned. */
export const tunerArguments = {
  sft_type: string({
    default: 'lora',
    help: 'tuning method; see swift list tuners',
    aliases: ['tuner_type', 'train_type'],
  }),
  target_modules: strings({
    default: ['DEFAULT'],
    help: "linear layers to adapt, by name; DEFAULT is the model's own list, ALL (all-linear) every one but the head",
    aliases: ['lora_target_modules'],
  }),
  target_regex: optionalString({
    help: 'linear layers to adapt, by a regular expression over the whole module path',
    aliases: ['lora_target_regex'],
  }),
  modules_to_save: strings({
    default: [],
    help: 'modules trained and saved whole beside the adapter',
    aliases: ['lora_modules_to_save'],
  }),
  lora_rank: int({ default: 8, min: 1, help: 'rank of the adapter' }),
  lora_alpha: int({ default: 32, min: 1, help: 'numerator of the scaling' }),
  lora_dropout: float({
    default: 0.05,
    min: 0,
    max: 0.99,
    help: "dropout on the adapter's input",
    aliases: ['lora_dropout_p'],
  }),
  lora_bias_trainable: choice(['none', 'all'], {
    default: 'none',
    help: 'whether biases train',
    aliases: ['lora_bias'],
  }),
  use_rslora: bool({ default: false, help: 'scale by alpha / sqrt(rank) instead of alpha / rank' }),
  init_lora_weights: choice(['true', 'gaussian'], {
    default: 'true',
    help: 'how A starts: Kaiming-uniform or normal',
    aliases: ['init_weights'],
  }),
  freeze_parameters: strings({ default: [], help: 'full tuning: prefixes of parameters that stay frozen' }),
  freeze_parameters_ratio: float({
    default: 0,
    min: 0,
    max: 1,
    help: 'full tuning: share of the parameters, from the bottom, that stays frozen',
  }),
  additional_trainable_parameters: strings({
    default: [],
    help: 'full tuning: prefixes that train even so',
    aliases: ['trainable_parameters'],
  }),
} as const;
