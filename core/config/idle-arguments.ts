/** Arguments that another one leaves without effect: said, so that nobody believes they did something. */
import type { Arguments } from './argument.js';
import type { GivenValue } from './resolve.js';

type Values = Readonly<Record<string, unknown>>;

interface Rule {
  readonly names: readonly string[];
  /** Whether they have no effect among these values. */
  readonly idle: (values: Values) => boolean;
  readonly why: string;
}

const isAdapter = ({ sft_type }: Values): boolean => sft_type === 'lora';
const isFull = ({ sft_type }: Values): boolean => sft_type === 'full';

const RULES: readonly Rule[] = [
  {
    names: ['quant_method', 'quant_group_size'],
    idle: ({ quant_bits }) => quant_bits === 0,
    why: 'nothing is quantized without quant_bits',
  },
  {
    names: ['freeze_parameters', 'freeze_parameters_ratio', 'additional_trainable_parameters'],
    idle: isAdapter,
    why: 'it is of full tuning; an adapter leaves the model as it is',
  },
  {
    names: [
      ...['target_modules', 'target_regex', 'modules_to_save', 'lora_rank', 'lora_alpha', 'lora_dropout'],
      ...['lora_bias_trainable', 'use_rslora', 'init_lora_weights'],
    ],
    idle: isFull,
    why: 'full tuning has no adapter',
  },
  {
    names: ['target_modules'],
    idle: ({ target_regex }) => target_regex !== null,
    why: 'target_regex says which layers are adapted',
  },
  {
    names: ['early_stop_interval'],
    idle: ({ evaluation_strategy }) => evaluation_strategy === 'no',
    why: 'nothing is evaluated',
  },
  {
    names: ['eval_steps'],
    idle: ({ evaluation_strategy, save_strategy, save_steps }) =>
      evaluation_strategy !== 'steps' && (save_strategy !== 'steps' || save_steps !== null),
    why: 'evaluation_strategy is not steps',
  },
  {
    names: ['save_steps'],
    idle: ({ save_strategy }) => save_strategy !== 'steps',
    why: 'save_strategy is not steps',
  },
  {
    names: ['resume_only_model', 'ignore_resume_mismatch'],
    idle: ({ resume_from_checkpoint }) => resume_from_checkpoint === null,
    why: 'nothing is resumed without resume_from_checkpoint',
  },
  {
    names: ['dataset_test_ratio'],
    idle: ({ val_dataset }) => Array.isArray(val_dataset) && val_dataset.length > 0,
    why: 'val_dataset is what is evaluated',
  },
  {
    names: ['temperature', 'top_k', 'top_p'],
    idle: ({ do_sample }) => do_sample === false,
    why: 'do_sample false takes the likeliest token',
  },
];

/** One sentence for each argument that is given, differs from its default, and changes nothing. */
export function idleArguments(
  known: Arguments,
  given: ReadonlyMap<string, GivenValue>,
  values: Values,
): readonly string[] {
  return RULES.flatMap(({ names, idle, why }) =>
    names.flatMap((name) => {
      const place = [name, ...(known[name]?.aliases ?? [])].map((one) => given.get(one)?.place).find(Boolean);
      if (place === undefined || !(name in known) || !idle(values)) return [];
      const isDefault = JSON.stringify(values[name]) === JSON.stringify(known[name].default);
      return isDefault ? [] : [`${place} has no effect: ${why}`];
    }),
  );
}
