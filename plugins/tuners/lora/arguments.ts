/** What the tuner takes; names as PEFT has them where it has them. */
import { argument, type ValuesOf } from 'swift-ts/plugin';
import { freezeArguments, type FreezeOptions } from '../_roles.js';

export const loraArguments = {
  target_modules: argument.strings({
    default: ['DEFAULT'],
    help: "linear layers to adapt, by name; DEFAULT is the model's own list, ALL (all-linear) every one but the head",
    aliases: ['lora_target_modules'],
    ofModel: { DEFAULT: 'lora_target_modules' },
    yieldsTo: { argument: 'target_regex', why: 'target_regex says which layers are adapted' },
  }),
  target_regex: argument.optionalString({
    help: 'linear layers to adapt, by a regular expression over the whole module path',
    aliases: ['lora_target_regex'],
  }),
  modules_to_save: argument.strings({
    default: [],
    help: 'modules trained and saved whole beside the adapter',
    aliases: ['lora_modules_to_save'],
  }),
  lora_rank: argument.int({ default: 8, min: 1, help: 'rank of the adapter' }),
  lora_alpha: argument.int({ default: 32, min: 1, help: 'numerator of the scaling' }),
  lora_dropout: argument.float({
    default: 0.05,
    min: 0,
    max: 0.99,
    help: "dropout on the adapter's input",
    aliases: ['lora_dropout_p'],
  }),
  lora_bias_trainable: argument.choice(['none', 'all'], {
    default: 'none',
    help: 'whether biases train',
    aliases: ['lora_bias'],
  }),
  use_rslora: argument.bool({
    default: false,
    help: 'scale by alpha / sqrt(rank) instead of alpha / rank',
  }),
  use_dora: argument.bool({
    default: false,
    help: 'DoRA: the rows of a weight keep lengths of their own, which train as well',
  }),
  init_lora_weights: argument.choice(['true', 'gaussian'], {
    default: 'true',
    help: 'how A starts: Kaiming-uniform or normal',
    aliases: ['init_weights'],
  }),
  ...freezeArguments,
} as const;

export type LoraOptions = ValuesOf<typeof loraArguments>;

/** What an adapter is, once it is settled which parts of the model it is for. */
export type AdapterOptions = Omit<LoraOptions, keyof FreezeOptions>;

/** What PEFT's files can say of layers beyond the flags. */
export interface LayerRules {
  /** Ranks and alphas of layers, by regular expressions that the end of a path matches. */
  readonly rank_pattern: Readonly<Record<string, number>>;
  readonly alpha_pattern: Readonly<Record<string, number>>;
  /** Numbers of the layers with adapters; all when null. */
  readonly layers_to_transform: readonly number[] | null;
  /** Names of lists of layers that those numbers count; any list when empty. */
  readonly layers_pattern: readonly string[];
  /** Modules without adapters: names, or one regular expression. */
  readonly exclude_modules: readonly string[] | string;
}

export type LoraSettings = AdapterOptions & LayerRules;

export const NO_RULES: LayerRules = {
  rank_pattern: {},
  alpha_pattern: {},
  layers_to_transform: null,
  layers_pattern: [],
  exclude_modules: [],
};
