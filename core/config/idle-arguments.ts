/** Arguments that another one leaves without effect: said, so that nobody believes they did something. */
import type { PluginKind } from '../registry/kinds.js';
import type { CommandSchema } from './command-schema.js';
import type { GivenValue } from './resolve.js';

type Values = Readonly<Record<string, unknown>>;

interface Rule {
  readonly names: readonly string[];
  /** The arguments of the chosen plugin of this kind are meant as well. */
  readonly kind?: PluginKind;
  /** Whether they have no effect among these values. */
  readonly idle: (values: Values) => boolean;
  readonly why: string;
}

const holdsNothingOut = ({
  val_dataset,
  dataset_test_ratio,
  streaming,
  streaming_val_size,
}: Values): boolean =>
  Array.isArray(val_dataset) &&
  val_dataset.length === 0 &&
  (streaming === true ? streaming_val_size === 0 : dataset_test_ratio === 0);

const RULES: readonly Rule[] = [
  {
    names: ['quant_method'],
    kind: 'quantizer',
    idle: ({ quant_bits }) => quant_bits === 0,
    why: 'nothing is quantized without quant_bits',
  },
  {
    names: ['early_stop_interval', 'metric_for_best_model', 'greater_is_better'],
    idle: ({ evaluation_strategy }) => evaluation_strategy === 'no',
    why: 'nothing is evaluated',
  },
  {
    names: ['early_stop_interval', 'metric_for_best_model', 'greater_is_better', 'predict_with_generate'],
    idle: (values) => values.evaluation_strategy !== 'no' && holdsNothingOut(values),
    why: 'no rows are held out to evaluate on',
  },
  {
    names: ['max_new_tokens'],
    idle: ({ predict_with_generate }) => predict_with_generate === false,
    why: 'nothing is answered without predict_with_generate',
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
    names: ['dataset_test_ratio'],
    idle: ({ streaming, dataset_test_ratio }) => streaming === true && dataset_test_ratio !== 0,
    why: 'a stream has no known number of rows: streaming_val_size holds some out',
  },
  {
    names: ['streaming_buffer_size', 'streaming_val_size'],
    idle: ({ streaming }) => streaming === false,
    why: 'rows are read at once without streaming',
  },
  {
    names: ['streaming_val_size'],
    idle: ({ streaming, val_dataset }) =>
      streaming === true && Array.isArray(val_dataset) && val_dataset.length > 0,
    why: 'val_dataset is what is evaluated',
  },
  {
    names: ['temperature', 'top_k', 'top_p'],
    idle: ({ do_sample }) => do_sample === false,
    why: 'do_sample false takes the likeliest token',
  },
  {
    names: [
      ...['ckpt_dir', 'load_args_from_ckpt_dir', 'merge_lora', 'template_type', 'agent_template', 'dtype'],
      ...['quant_bits', 'model_revision'],
    ],
    idle: ({ sampler_url }) => typeof sampler_url === 'string',
    why: 'the model is that of sampler_url',
  },
  {
    names: ['reward_prompt'],
    idle: ({ reward_model }) =>
      Array.isArray(reward_model) && !reward_model.some((place) => /^https?:/.test(String(place))),
    why: 'no reward_model is an address',
  },
  {
    names: ['eval_token', 'eval_is_chat_model', 'eval_nproc'],
    idle: ({ eval_url }) => eval_url === null,
    why: 'no server is asked without eval_url',
  },
  {
    names: [
      ...['ckpt_dir', 'load_args_from_ckpt_dir', 'merge_lora', 'template_type', 'dtype', 'quant_bits'],
      'agent_template',
      ...['model_revision', 'eval_batch_size', 'max_length'],
    ],
    idle: ({ eval_url }) => typeof eval_url === 'string',
    why: 'the model is that of eval_url',
  },
];

/** One sentence for each argument that is given, differs from its default, and changes nothing. */
export function idleArguments(
  { known, chosen }: Pick<CommandSchema, 'known' | 'chosen'>,
  given: ReadonlyMap<string, GivenValue>,
  values: Values,
): readonly string[] {
  const declared = Object.entries(known).flatMap(([name, { yieldsTo }]): Rule[] => {
    if (yieldsTo === undefined) return [];
    const { argument, why } = yieldsTo;
    return [{ names: [name], idle: () => (values[argument] ?? null) !== null, why }];
  });
  return [...RULES, ...declared].flatMap(({ names, kind, idle, why }) => {
    const plugin = chosen.find((one) => one.kind === kind)?.arguments ?? {};
    return [...names, ...Object.keys(plugin)].flatMap((name) => {
      const place = [name, ...(known[name]?.aliases ?? [])].map((one) => given.get(one)?.place).find(Boolean);
      if (place === undefined || !(name in known) || !idle(values)) return [];
      const isDefault = JSON.stringify(values[name]) === JSON.stringify(known[name].default);
      return isDefault ? [] : [`${place} has no effect: ${why}`];
    });
  });
}
