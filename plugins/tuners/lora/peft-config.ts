import { SwiftError } from 'swift-ts/plugin';
import type { AdapterOptions, LoraSettings } from './arguments.js';

/** Fields that turn LoRA into another method. */
const VARIANTS = [
  'use_bdlora',
  'use_qalora',
  'arrow_config',
  'kasa_config',
  'monteclora_config',
  'velora_config',
];

/** `adapter_config.json` as PEFT 0.21 writes and reads it. */
export function writePeftConfig(
  options: LoraSettings,
  baseModel: string,
  task_type: 'CAUSAL_LM' | 'SEQ_CLS',
): Record<string, unknown> {
  return {
    peft_type: 'LORA',
    task_type,
    base_model_name_or_path: baseModel,
    inference_mode: true,
    r: options.lora_rank,
    lora_alpha: options.lora_alpha,
    lora_dropout: options.lora_dropout,
    use_rslora: options.use_rslora,
    use_dora: options.use_dora,
    target_modules: peftTargets(options),
    modules_to_save: options.modules_to_save.length > 0 ? options.modules_to_save : null,
    bias: options.lora_bias_trainable,
    init_lora_weights: options.init_lora_weights === 'true' ? true : options.init_lora_weights,
    fan_in_fan_out: false,
    layers_to_transform: options.layers_to_transform,
    layers_pattern: options.layers_pattern.length > 0 ? options.layers_pattern : null,
    rank_pattern: options.rank_pattern,
    alpha_pattern: options.alpha_pattern,
    ...(options.exclude_modules.length > 0 ? { exclude_modules: options.exclude_modules } : {}),
  };
}

/** PEFT takes a text for a regular expression (or `all-linear`) and a list for names. */
function peftTargets({ target_modules, target_regex }: AdapterOptions): string | readonly string[] {
  if (target_regex !== null) return target_regex;
  return target_modules.some((name) => ['all-linear', 'ALL'].includes(name)) ? 'all-linear' : target_modules;
}

export interface PeftConfig {
  readonly options: LoraSettings;
  /** Whether embedding and head stay one tensor when they are tuned. */
  readonly keepsTied: boolean;
}

/** @throws SwiftError BAD_CHECKPOINT for an adapter that needs what this tuner does not do */
export function readPeftConfig(config: Readonly<Record<string, unknown>>): PeftConfig {
  refuse(config, 'layer_replication', (value) => value != null);
  refuse(config, 'trainable_token_indices', (value) => value != null);
  refuse(config, 'target_parameters', (value) => value != null && isFilled(value));
  refuse(config, 'lora_bias', (value) => value === true);
  refuse(config, 'bias', (value) => value != null && value !== 'none' && value !== 'all');
  refuse(config, 'alora_invocation_tokens', (value) => value != null);
  for (const variant of VARIANTS) refuse(config, variant, (value) => value != null && value !== false);
  // These starts change the base weights too, so the adapter means nothing without repeating them.
  refuse(
    config,
    'init_lora_weights',
    (value) => typeof value === 'string' && /^(pissa|olora|corda|loftq|lora_ga)/.test(value),
  );
  for (const field of ['use_rslora', 'use_dora', 'ensure_weight_tying'])
    refuse(config, field, (value) => value != null && typeof value !== 'boolean');
  const targets = config.target_modules;
  const isText = typeof targets === 'string';
  const options: LoraSettings = {
    lora_rank: numberField(config, 'r'),
    lora_alpha: numberField(config, 'lora_alpha'),
    lora_dropout: typeof config.lora_dropout === 'number' ? config.lora_dropout : 0,
    use_rslora: config.use_rslora === true,
    use_dora: config.use_dora === true,
    target_modules: isText
      ? targets === 'all-linear'
        ? ['all-linear']
        : []
      : names(config, 'target_modules'),
    target_regex: isText && targets !== 'all-linear' ? targets : null,
    modules_to_save: names(config, 'modules_to_save'),
    lora_bias_trainable: config.bias === 'all' ? 'all' : 'none',
    init_lora_weights: config.init_lora_weights === 'gaussian' ? 'gaussian' : 'true',
    rank_pattern: numbersByPattern(config, 'rank_pattern', true),
    alpha_pattern: numbersByPattern(config, 'alpha_pattern', false),
    layers_to_transform: layerNumbers(config),
    layers_pattern:
      typeof config.layers_pattern === 'string'
        ? [config.layers_pattern].filter(Boolean)
        : names(config, 'layers_pattern'),
    exclude_modules:
      typeof config.exclude_modules === 'string' ? config.exclude_modules : names(config, 'exclude_modules'),
  };
  return { options, keepsTied: config.ensure_weight_tying === true };
}

function names(config: Readonly<Record<string, unknown>>, field: string): readonly string[] {
  const value = config[field] ?? [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== ''))
    return value as string[];
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `adapter_config.json: ${field} is ${JSON.stringify(value)}, expected names`,
  );
}

function numbersByPattern(
  config: Readonly<Record<string, unknown>>,
  field: string,
  whole: boolean,
): Readonly<Record<string, number>> {
  const value = config[field] ?? {};
  const isNumber = (one: unknown): boolean =>
    typeof one === 'number' && one > 0 && (!whole || Number.isInteger(one));
  if (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isNumber))
    return value as Record<string, number>;
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `adapter_config.json: ${field} is ${JSON.stringify(value)}, expected numbers above 0 by pattern`,
  );
}

function layerNumbers({
  layers_to_transform: value,
}: Readonly<Record<string, unknown>>): readonly number[] | null {
  if (value == null) return null;
  const numbers = [value].flat();
  if (numbers.every((one) => Number.isInteger(one))) return numbers.length > 0 ? (numbers as number[]) : null;
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `adapter_config.json: layers_to_transform is ${JSON.stringify(value)}, expected numbers of layers`,
  );
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function refuse(
  config: Readonly<Record<string, unknown>>,
  field: string,
  unsupported: (value: unknown) => boolean,
): void {
  if (!unsupported(config[field])) return;
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `adapter_config.json: ${field} is ${JSON.stringify(config[field])}, which is not supported`,
    { cure: 'Merge the adapter into its base model with PEFT and load the merged model.' },
  );
}

function numberField(config: Readonly<Record<string, unknown>>, field: string): number {
  const value = config[field];
  if (typeof value === 'number' && value > 0) return value;
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `adapter_config.json: ${field} is ${JSON.stringify(value)}, expected a number above 0`,
  );
}
