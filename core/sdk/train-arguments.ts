/** The arguments of training, as its parts take them. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { TrainArguments } from '../config/command-line.js';
import { pluginClaims, soundArgumentsOf } from '../config/plugin-arguments.js';
import type { PluginKind } from '../registry/kinds.js';
import type { PatcherFlags, QuantizerFlags } from '../config/plugin-flags.js';
import type { Log } from '../contracts/log.js';
import { SwiftError } from '../errors.js';
import { notWritable } from '../io/atomic-write.js';
import type { LoadModelOptions } from '../model/load-model.js';
import type { Catalog } from '../registry/catalog.js';
import type { Services } from './services.js';

/** Arguments as loading wants them: absent instead of null, the hub as the services settled it (`USE_HF` counts). */
export function loadingOptions(
  args: Pick<
    TrainArguments,
    | 'model_type'
    | 'model_id_or_path'
    | 'model_revision'
    | 'template_type'
    | 'agent_template'
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
    agent_template: args.agent_template ?? undefined,
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

/** Every argument that plugins of some kinds declare. */
export function flagsOf({ plugins }: Services, kinds: readonly PluginKind[]): readonly string[] {
  return pluginClaims(plugins.catalog, kinds).flatMap((claim) => Object.keys(claim.arguments));
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
