/** `trainer_state.json` in the shape of Transformers' `TrainerState`, whose `load_from_json` takes known fields only. */
import { dirname, join } from 'node:path';
import type { StreamCursor } from '../data/stream-plan.js';
import { SwiftError } from '../errors.js';
import type { Sample } from '../contracts/template.js';
import type { TokenFacts } from '../contracts/rollouts.js';
import type { HeldRollout, LogEntry, TrainerState } from './state.js';

type Fields = Readonly<Record<string, unknown>>;

/** Where Transformers keeps how many evaluations brought no gain. */
const EARLY_STOPPING = 'EarlyStoppingCallback';
const COUNTER = 'early_stopping_patience_counter';
/** Where a stream of data stands; Transformers knows no such callback and leaves it alone. */
const DATA_STREAM = 'DataStream';
const ROLLOUT = 'Rollout';

/**
 * @param checkpoint folder the file is written to
 * @param args the run's arguments
 */
export function stateFields(state: TrainerState, checkpoint: string, args: Fields): Fields {
  const { best_step, best_metric, evaluations_without_gain, log_history, data_cursor, rollout } = state;
  const number = (name: string, fallback: number): number => {
    const value = args[name];
    return typeof value === 'number' ? value : fallback;
  };
  return {
    best_global_step: best_step ?? null,
    best_metric: best_metric ?? null,
    best_model_checkpoint:
      best_step === undefined ? null : join(dirname(checkpoint), `checkpoint-${best_step}`),
    epoch: state.epoch,
    eval_steps: number('eval_steps', 500),
    global_step: state.global_step,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: log_history.map((entry) => ({ ...entry, step: stepOf(entry) })),
    logging_steps: number('logging_steps', 500),
    max_steps: state.max_steps,
    num_input_tokens_seen: 0,
    num_train_epochs: number('num_train_epochs', 1),
    save_steps: number('save_steps', 500),
    stateful_callbacks: {
      [EARLY_STOPPING]: {
        args: { early_stopping_patience: number('early_stop_interval', 0) },
        attributes: { [COUNTER]: evaluations_without_gain },
      },
      ...(data_cursor && { [DATA_STREAM]: { args: {}, attributes: data_cursor } }),
      ...(rollout && { [ROLLOUT]: { args: {}, attributes: rolloutFields(rollout) } }),
    },
    total_flos: 0,
    train_batch_size: number('batch_size', 1),
    trial_name: null,
    trial_params: null,
  };
}

function stepOf(entry: LogEntry): number {
  return Number(String(entry['global_step/max_steps']).split('/')[0]);
}

/** @throws SwiftError BAD_CHECKPOINT */
export function stateOf(json: unknown, path: string): TrainerState {
  const fields = (json ?? {}) as Fields;
  const { global_step, max_steps, epoch, log_history, best_metric, best_global_step } = fields;
  const isWhole =
    Number.isInteger(global_step) &&
    Number.isInteger(max_steps) &&
    typeof epoch === 'number' &&
    Array.isArray(log_history);
  if (!isWhole) {
    throw new SwiftError(
      'BAD_CHECKPOINT',
      `${path} is no trainer state: it has no global_step, max_steps, epoch or log_history`,
      { cure: 'Resume from another checkpoint, or take only the weights with --resume_only_model true.' },
    );
  }
  return {
    global_step: global_step as number,
    max_steps: max_steps as number,
    epoch,
    best_metric: typeof best_metric === 'number' ? best_metric : undefined,
    best_step: typeof best_global_step === 'number' ? best_global_step : undefined,
    evaluations_without_gain: counterOf(fields.stateful_callbacks),
    data_cursor: cursorOf(fields.stateful_callbacks, path),
    rollout: rolloutOf(fields.stateful_callbacks, path),
    log_history: log_history as LogEntry[],
  };
}

function counterOf(callbacks: unknown): number {
  const counter = attributesOf(callbacks, EARLY_STOPPING)?.[COUNTER];
  return typeof counter === 'number' ? counter : 0;
}

function cursorOf(callbacks: unknown, path: string): StreamCursor | undefined {
  const { epoch, window, place, steps, steps_per_epoch } = attributesOf(callbacks, DATA_STREAM) ?? {};
  const all = [epoch, window, place, steps, steps_per_epoch];
  if (all.every((each) => each === undefined)) return undefined;
  const isCount = (each: unknown): each is number => Number.isSafeInteger(each) && (each as number) >= 0;
  if (isCount(epoch) && isCount(window) && isCount(place) && isCount(steps)) {
    if (steps_per_epoch === undefined) return { epoch, window, place, steps };
    if (isCount(steps_per_epoch)) return { epoch, window, place, steps, steps_per_epoch };
  }
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `${path} does not say where the data stand: ${JSON.stringify(all)}`,
    {
      cure: 'Resume from another checkpoint, or take only the weights with --resume_only_model true.',
    },
  );
}

/** Numbers of float32 are written so that they are read back to the bit. */
function rolloutFields({ samples, metrics }: HeldRollout): Fields {
  const written = samples.map(({ input_ids, labels, answer }) => ({
    input_ids: [...input_ids],
    labels: [...labels],
    advantage: answer!.advantage,
    old_logp: [...answer!.old_logp!],
    ...(answer!.tokens && { tokens: lists(answer!.tokens) }),
  }));
  return { samples: written, metrics };
}

function lists({ advantages, returns, old_values }: TokenFacts): Fields {
  return { advantages: [...advantages], returns: [...returns], old_values: [...old_values] };
}

function tokensOf(given: unknown, length: number): TokenFacts | undefined {
  const { advantages, returns, old_values } = Object(given) as Fields;
  const [a, r, v] = [advantages, returns, old_values];
  if (![a, r, v].every((each) => isNumbers(each) && each.length === length)) return undefined;
  const numbers = (each: unknown): Float32Array => new Float32Array(each as number[]);
  return { advantages: numbers(a), returns: numbers(r), old_values: numbers(v) };
}

const isNumbers = (each: unknown): each is number[] =>
  Array.isArray(each) && each.every((one) => typeof one === 'number');

function rolloutOf(callbacks: unknown, path: string): HeldRollout | undefined {
  const attributes = attributesOf(callbacks, ROLLOUT);
  if (attributes === undefined) return undefined;
  const { samples, metrics } = attributes;
  const sampleOf = (each: unknown): Sample | undefined => {
    const { input_ids, labels, advantage, old_logp, tokens: given } = Object(each) as Fields;
    if (!isNumbers(input_ids) || !isNumbers(labels) || !isNumbers(old_logp)) return undefined;
    if (typeof advantage !== 'number' || labels.length !== input_ids.length) return undefined;
    const tokens = tokensOf(given, old_logp.length);
    if (given !== undefined && !tokens) return undefined;
    const answer = { by: 'student' as const, advantage, old_logp: new Float32Array(old_logp), tokens };
    return { input_ids: new Int32Array(input_ids), labels: new Int32Array(labels), answer };
  };
  const read = Array.isArray(samples) ? samples.map(sampleOf) : [undefined];
  if (read.every((one) => one !== undefined))
    return { samples: read, metrics: Object(metrics) as Record<string, number> };
  throw new SwiftError('BAD_CHECKPOINT', `${path}: the answers that a step would learn from are damaged`, {
    cure: 'Resume from another checkpoint, or take only the weights with --resume_only_model true.',
  });
}

function attributesOf(callbacks: unknown, name: string): Fields | undefined {
  return (callbacks as Record<string, { attributes?: Fields } | undefined> | null)?.[name]?.attributes;
}
