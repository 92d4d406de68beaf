/** What arguments, a model, its tuners and data come to: the job. */
import { resolve } from 'node:path';
import type { TrainArguments } from '../config/command-line.js';
import type { TrainCommand } from '../config/commands.js';
import { pluginOptions } from '../config/plugin-options.js';
import type {
  Job,
  JobAdapter,
  JobData,
  JobDataset,
  JobModel,
  JobPlugin,
  JobReward,
} from '../contracts/job.js';
import type { LossScaling } from '../contracts/loss-scale.js';
import type { PluginMeta } from '../contracts/plugin-meta.js';
import { OWN_TEMPLATE } from '../model/choose-template.js';
import type { LocatedModel } from '../model/locate-model.js';
import { idOf } from '../plugin-id.js';
import type { Plugins } from '../registry/plugins.js';
import type { PluginKind } from '../registry/kinds.js';
import type { Optimized } from '../train/optimized.js';
import { withAbsolutePaths } from './absolute-paths.js';
import { bestMetric } from '../train/best-metric.js';
import { frozen } from './frozen.js';

/** A model that is found, loaded or not. */
export type FoundModel = Pick<
  LocatedModel,
  'source' | 'path' | 'name' | 'modelType' | 'template' | 'templateId' | 'codec' | 'patches'
>;

export interface JobFacts {
  readonly command: TrainCommand;
  readonly args: TrainArguments;
  readonly model: FoundModel;
  /** What its runs begin with and are called after; the model itself where absent. */
  readonly base?: Pick<FoundModel, 'source' | 'name'>;
  readonly adapters: readonly JobAdapter[];
  /** Whether the model's own weights are what is tuned. */
  readonly isFull: boolean;
  /** Id of the trainer. */
  readonly trainerId: string;
  readonly trainer: Optimized & { readonly loss_scale?: LossScaling };
  /** What its answers are worth, where it gives some. */
  readonly rewards?: readonly JobReward[];
  /** Another model that the trainer compares with. */
  readonly reference?: Pick<FoundModel, 'source' | 'path'>;
  /** Whom it learns from. */
  readonly teacher?: Pick<FoundModel, 'source' | 'path'>;
  readonly train: readonly JobDataset[];
  readonly validation: readonly JobDataset[];
}

/** Kinds whose plugins an argument or a command chooses. */
type ChosenKind = PluginKind & ('engine' | 'backend' | 'trainer' | 'optimizer' | 'quantizer');

/** The job, which nothing can change. @throws SwiftError UNKNOWN_PLUGIN for a plugin that is not there */
export async function buildJob(facts: JobFacts, plugins: Plugins): Promise<Job> {
  const { command, args, model, base = model, trainer } = facts;
  const chosen = (kind: ChosenKind, id: string): Promise<JobPlugin> => chosenPlugin(kind, id, args, plugins);
  const folder = resolve(args.output_dir);
  const { objective } = trainer;
  const written = { command, ...args, template_type: model.templateId, model_id_or_path: base.source };
  return frozen<Job>({
    schema: 1,
    command,
    engine: await chosen('engine', args.engine),
    backend: await chosen('backend', args.backend),
    model: await describedModel(model, args, plugins),
    adapters: facts.adapters,
    objective: {
      ...(await chosen('trainer', facts.trainerId)),
      supervise: trainer.supervise,
      ...(objective?.rollouts && {
        rewards: facts.rewards?.map(({ id, options, weight }) => ({ id, options, weight })),
        ...(args.rollout_url != null && { rollout_url: args.rollout_url }),
      }),
      ...(facts.teacher && { teacher: placeOf(facts.teacher) }),
      ...(args.teacher_model_server != null && { teacher_server: args.teacher_model_server }),
      ...(objective?.reference && {
        reference: {
          model: facts.reference ? placeOf(facts.reference) : 'before',
          precompute: args.precompute_ref_log_probs === true,
        },
      }),
    },
    data: describedData(facts),
    optimizer: await chosen('optimizer', args.optim),
    schedule: schedule(facts),
    offload_weights: args.offload_weights,
    outputs: {
      folder,
      ...(args.add_output_dir_suffix && { name: base.name }),
      tensorboard: args.report_to.includes('tensorboard'),
    },
    ...(args.resume_from_checkpoint !== null && {
      resume: {
        checkpoint: resolve(args.resume_from_checkpoint),
        only_model: args.resume_only_model,
        ignore_mismatch: args.ignore_resume_mismatch,
      },
    }),
    arguments: withAbsolutePaths(written, plugins.catalog),
  });
}

async function chosenPlugin(
  kind: ChosenKind,
  id: string,
  args: object,
  plugins: Plugins,
): Promise<JobPlugin> {
  const { meta, id: own } = await plugins.resolve(kind, id);
  return { id: own, options: pluginOptions(meta as PluginMeta, args) };
}

/** A model, and how it is held. */
export async function describedModel(
  model: FoundModel,
  args: Pick<TrainArguments, 'model_revision' | 'dtype' | 'quant_bits' | 'quant_method'>,
  plugins: Plugins,
): Promise<JobModel> {
  const { quant_bits: bits } = args;
  return {
    ...placeOf(model),
    ...(args.model_revision !== null && { revision: args.model_revision }),
    type: model.modelType,
    template: model.templateId,
    ...(model.templateId !== OWN_TEMPLATE && model.template.agent && { agent: idOf(model.template.agent) }),
    ...(model.codec && { codec: model.codec.id }),
    dtype: args.dtype,
    ...(bits > 0 && {
      quantized: { ...(await chosenPlugin('quantizer', args.quant_method, args, plugins)), bits },
    }),
    patchers: model.patches.map(({ id, options }) => ({ id, options })),
  };
}

function placeOf({ source, path }: Pick<FoundModel, 'source' | 'path'>): Pick<JobModel, 'source' | 'path'> {
  return { source, path: resolve(path) };
}

function describedData({ args, trainer, train, validation }: JobFacts): JobData {
  const { model_name, model_author } = args;
  return {
    train,
    validation,
    test_ratio: validation.length > 0 || args.streaming ? 0 : args.dataset_test_ratio,
    seed: { split: args.dataset_seed ?? args.seed, order: args.seed },
    ...(args.streaming && {
      streaming: {
        window: args.streaming_buffer_size,
        held: validation.length > 0 ? 0 : args.streaming_val_size,
      },
    }),
    max_length: args.max_length,
    truncation_strategy: args.truncation_strategy,
    bad_rows: ['discard', 'warning'].includes(args.check_dataset_strategy) ? 'drop' : 'error',
    ...(args.system !== null && { system: args.system }),
    ...(args.thinking !== 'AUTO' && { thinking: args.thinking }),
    ...(trainer.loss_scale && { loss_scale: trainer.loss_scale }),
    ...(args.max_pixels !== null && { max_pixels: args.max_pixels }),
    ...(args.packing && { packing: args.max_length }),
    ...(model_name.length + model_author.length > 0 && {
      identity: { name: model_name, author: model_author },
    }),
  };
}

/** What the training loop needs to know; nothing is left to a default. */
function schedule({ command, args, isFull, trainer }: JobFacts): Job['schedule'] {
  const { rollouts } = trainer.objective ?? {};
  const rewarded = rollouts?.advantages ?? rollouts?.ofTokens;
  const compared = rewarded ? 'reward' : trainer.predicts ? 'rouge-l' : 'loss';
  const eval_steps = args.eval_steps ?? (command === 'pt' ? 500 : isFull ? 200 : 50);
  return {
    seed: args.seed,
    batch_size: args.batch_size,
    gradient_accumulation_steps: args.gradient_accumulation_steps ?? Math.ceil(16 / args.batch_size),
    num_train_epochs: args.num_train_epochs,
    max_steps: args.max_steps,
    learning_rate: args.learning_rate ?? (isFull ? 1e-5 : 1e-4),
    lr_scheduler_type: args.lr_scheduler_type,
    warmup_ratio: args.warmup_ratio,
    warmup_steps: args.warmup_steps,
    max_grad_norm: args.max_grad_norm,
    logging_steps: args.logging_steps,
    eval_strategy: args.evaluation_strategy,
    eval_steps,
    save_strategy: args.save_strategy,
    save_steps: args.save_steps ?? eval_steps,
    save_total_limit: args.save_total_limit ?? 2,
    save_only_model: args.save_only_model,
    ...bestMetric(args.metric_for_best_model ?? compared, args.greater_is_better),
    early_stop_interval: args.early_stop_interval,
    neftune_noise_alpha: args.neftune_noise_alpha ?? 0,
    residuals: args.gradient_checkpointing ? 'recompute' : args.offload_activations ? 'offload' : 'save',
    compute_precision: args.compute_precision,
    router_aux_loss_coef: args.router_aux_loss_coef,
    memory_report: args.memory_report,
  };
}
