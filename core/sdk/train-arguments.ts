/** The arguments of training, as its parts take them. */
import type { TrainCommand } from '../config/commands.js';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ValuesOf } from '../config/argument.js';
import type { CommandValues } from '../config/command-line.js';
import { soundArgumentsOf } from '../config/plugin-arguments.js';
import type { rlhfArguments } from '../config/rlhf-arguments.js';
import type { PatcherFlags, QuantizerFlags } from '../config/plugin-flags.js';
import type { Log } from '../contracts/log.js';
import type { PluginOptions } from '../contracts/plugin-meta.js';
import { SwiftError } from '../errors.js';
import { notWritable } from '../io/atomic-write.js';
import type { LoadModelOptions } from '../model/load-model.js';
import type { Catalog } from '../registry/catalog.js';
import type { TrainOptions } from '../train/options.js';
import type { Services } from './services.js';

/** Of `swift sft`, `pt` and `rlhf`; what only some of these take is absent with the others. */
export type TrainArguments = Omit<CommandValues<'sft'>, 'packing'> & {
  readonly packing?: boolean;
} & Partial<ValuesOf<typeof rlhfArguments>>;

/** Arguments as loading wants them: absent instead of null, the hub as the services settled it (`USE_HF` counts). */
export function given(
  args: Pick<
    TrainArguments,
    | 'model_type'
    | 'model_id_or_path'
    | 'model_revision'
    | 'template_type'
    | 'dtype'
    | 'quant_bits'
    | 'quant_method'
  > &
    QuantizerFlags &
    PatcherFlags,
  { useHf, plugins }: Pick<Services, 'useHf' | 'plugins'>,
): LoadModelOptions {
  return {
    model_type: args.model_type ?? undefined,
    model_id_or_path: args.model_id_or_path ?? undefined,
    model_revision: args.model_revision ?? undefined,
    template_type: args.template_type === 'AUTO' ? undefined : args.template_type,
    use_hf: useHf,
    dtype: args.dtype,
    quant_bits: args.quant_bits,
    quant_method: args.quant_method,
    ...quantizerFlags(args, plugins.catalog),
    ...picked(args as unknown as Readonly<Record<string, unknown>>, patcherNames(plugins.catalog)),
  };
}

/** AUTO of a command that generates: 16-bit weights are widened, since products with float32 are faster. */
export function forInference(options: LoadModelOptions): LoadModelOptions {
  return options.dtype === 'AUTO' ? { ...options, dtype: 'fp32' } : options;
}

/** Arguments of all patchers. */
export function patcherNames(catalog: Catalog): readonly string[] {
  return catalog.list('patcher').flatMap((entry) => Object.keys(soundArgumentsOf('patcher', entry)));
}

/** What the quantizer takes, as far as it is given. */
function quantizerFlags(args: { readonly quant_method: string }, catalog: Catalog): QuantizerFlags {
  const { quant_method: id } = args;
  if (!catalog.has('quantizer', id)) return {};
  const declared = Object.keys(soundArgumentsOf('quantizer', catalog.find('quantizer', id)));
  return picked(args as unknown as Readonly<Record<string, unknown>>, declared);
}

/** Some of a program's options, those that are given. */
export function picked(values: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  return Object.fromEntries(
    names.map((name) => [name, values[name]]).filter(([, value]) => value !== undefined),
  );
}

/** @param optimizer_options what the optimizer takes */
export function trainOptions(
  command: TrainCommand,
  args: TrainArguments,
  isFull: boolean,
  optimizer_options: PluginOptions,
): TrainOptions {
  const eval_steps = args.eval_steps ?? (command === 'pt' ? 500 : isFull ? 200 : 50);
  return {
    ...args,
    optimizer_options,
    gradient_accumulation_steps: args.gradient_accumulation_steps ?? Math.ceil(16 / args.batch_size),
    learning_rate: args.learning_rate ?? (isFull ? 1e-5 : 1e-4),
    eval_strategy: args.evaluation_strategy,
    eval_steps,
    save_steps: args.save_steps ?? eval_steps,
    save_total_limit: args.save_total_limit ?? 2,
    residuals: args.gradient_checkpointing ? 'recompute' : args.offload_activations ? 'offload' : 'save',
  };
}

/** @throws SwiftError BAD_ARGUMENT when activations would be both recomputed and kept on disk */
export function checkOffload({ offload_activations, gradient_checkpointing }: TrainArguments): void {
  if (!offload_activations || !gradient_checkpointing) return;
  throw new SwiftError('BAD_ARGUMENT', '--offload_activations and --gradient_checkpointing are both given', {
    cure: 'Leave one out: activations are either recomputed or kept on disk.',
  });
}

/** Where a run will write can be written, as far as one can tell without writing. @throws SwiftError FILE_NOT_WRITABLE */
export function checkOutput(folder: string): void {
  let at = resolve(folder);
  while (!existsSync(at)) at = dirname(at);
  try {
    if (!statSync(at).isDirectory()) throw Object.assign(new Error(`${at} is a file`), { code: 'ENOTDIR' });
    accessSync(at, constants.W_OK);
  } catch (error) {
    throw notWritable(folder, error);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that ask SWIFT for several processes, and the value that asks for one. */
const LAUNCH: Readonly<Record<string, string | undefined>> = {
  NPROC_PER_NODE: '1',
  NNODES: '1',
  NODE_RANK: '0',
  MASTER_ADDR: undefined,
};

/**
 * What the environment asks for and a run does not do is refused, or said.
 *
 * @throws SwiftError UNSUPPORTED_ARGUMENT for several processes or machines
 */
export function checkEnvironment(env: Environment, log: Pick<Log, 'warn'>): void {
  for (const [name, one] of Object.entries(LAUNCH)) {
    const value = env[name];
    if (value === undefined || value === '' || value === one) continue;
    throw new SwiftError(
      'UNSUPPORTED_ARGUMENT',
      `${name}=${value}: a run is one process on one machine here`,
      {
        cure: `Unset it: env -u ${name} swift …`,
      },
    );
  }
  const devices = env.CUDA_VISIBLE_DEVICES;
  if (devices !== undefined && !['', '-1'].includes(devices))
    log.warn(`CUDA_VISIBLE_DEVICES=${devices} has no effect: swift doctor says what computes here`);
}
