/** Arguments on SWIFT's own command lines that mean something else here, or nothing: taken, and said once. */
import { SwiftError } from '../errors.js';
import type { Arguments } from './argument.js';
import type { GivenValue } from './resolve.js';

const ONE_THREAD = 'rows are read in one thread; dataset_num_proc says how many encode them';
const ONE_PROCESS = 'a run is one process';
const BY_TOKENS = 'evaluation is laid out by tokens, and gives the same loss in batches of any size';

/** Why an argument changes nothing here. None of them changes what a run computes. */
export const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map([
  ['dataloader_num_workers', ONE_THREAD],
  ['dataloader_persistent_workers', ONE_THREAD],
  ['dataloader_pin_memory', ONE_THREAD],
  ['dataloader_prefetch_factor', ONE_THREAD],
  ['packing_num_proc', 'rows are packed in one thread'],
  ['lazy_tokenize', 'rows are encoded before training'],
  ['per_device_eval_batch_size', BY_TOKENS],
  ['eval_batch_size', BY_TOKENS],
  ['ddp_backend', ONE_PROCESS],
  ['ddp_broadcast_buffers', ONE_PROCESS],
  ['ddp_find_unused_parameters', ONE_PROCESS],
  ['ddp_timeout', ONE_PROCESS],
  ['save_on_each_node', ONE_PROCESS],
  ['save_safetensors', 'weights are always written as safetensors'],
  ['safe_serialization', 'weights are always written as safetensors'],
  ['attn_impl', 'there is one way to compute attention'],
  ['use_flash_attn', 'there is one way to compute attention'],
  ['gradient_checkpointing_kwargs', 'there is one way to recompute activations'],
  ['remove_unused_columns', 'columns that nothing reads are never kept'],
]);

/** Switches for mixed precision, and the `dtype` that comes nearest. */
export const PRECISION_SWITCHES = { bf16: 'bf16', fp16: 'fp16' } as const;

export interface Translated {
  readonly given: ReadonlyMap<string, GivenValue>;
  /** What the user should hear, one sentence each. */
  readonly notices: readonly string[];
}

/** Leaves out what has no effect, and says precision switches as `dtype`. @throws SwiftError BAD_ARGUMENT */
export function translate(known: Arguments, given: ReadonlyMap<string, GivenValue>): Translated {
  const kept = new Map(given);
  const notices: string[] = [];
  for (const [name, reason] of WITHOUT_EFFECT) {
    const place = kept.get(name)?.place;
    if (place === undefined || name in known) continue;
    kept.delete(name);
    notices.push(`${place} has no effect: ${reason}`);
  }
  for (const [name, dtype] of Object.entries(PRECISION_SWITCHES)) {
    const one = kept.get(name);
    if (one === undefined || !('dtype' in known)) continue;
    kept.delete(name);
    if (!isTrue(one)) continue;
    const chosen = ['dtype', 'torch_dtype'].map((spelling) => kept.get(spelling)).find(Boolean);
    if (chosen !== undefined) {
      throw new SwiftError('BAD_ARGUMENT', `${one.place} and ${chosen.place} are both given`, {
        cure: `Leave '${name}' out: dtype says in which format weights are held.`,
      });
    }
    kept.set('dtype', { value: dtype, place: one.place });
    notices.push(`${one.place}: weights are held in ${dtype} (dtype ${dtype}), arithmetic is float32`);
  }
  return { given: kept, notices };
}

/** @throws SwiftError BAD_ARGUMENT for what is neither true nor false */
function isTrue({ value, place }: GivenValue): boolean {
  const word = String(Array.isArray(value) ? (value[0] ?? 'true') : value).toLowerCase();
  if (['true', '1'].includes(word)) return true;
  if (['false', '0', 'null'].includes(word)) return false;
  throw new SwiftError('BAD_ARGUMENT', `${place}: '${word}' is not true or false`);
}
