/** Training of a model that a program has loaded and tuned, on rows that it has. */
import { commandOptions, type TrainArguments } from '../config/command-line.js';
import { commandArguments } from '../config/commands.js';
import type { OptimizerFlags, TrainerFlags } from '../config/plugin-flags.js';
import { trainingArguments } from '../config/training-arguments.js';
import type { Job, JobDataset, TrainResult } from '../contracts/job.js';
import type { RawRow } from '../contracts/row.js';
import { AutoPreprocessor, loadDataset, SeededRandom, SeenRows, type LoadedDataset } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { buildJob } from '../job/build-job.js';
import { checkReadable } from '../model/wordless.js';
import { onBadRow } from './datasets.js';
import { encodeRows } from './encode-rows.js';
import { requireModel, requireOptions } from './check-given.js';
import { inOptions, onlyOptions } from './options.js';
import type { TrainHooks } from './train-in-folder.js';
import type { Services } from './services.js';
import { mediaFilesOf } from './media-files.js';
import { chosenTrainer, type ChosenTrainer } from './chosen-trainer.js';
import { checkTraining, resumeFolder } from './resolve-training.js';
import { flagsOf } from './train-arguments.js';
import { checkLongSamples, trainPrepared, type PreparedRun } from './train.js';
import type { TunableModel, TunedModel } from './tunable-model.js';

/** Arguments of `swift sft` that a trainer of a loaded, tuned model and loaded rows follows. */
export const TRAINER_ARGUMENTS = [
  ...(Object.keys(trainingArguments) as (keyof typeof trainingArguments)[]),
  ...(['seed', 'system', 'max_pixels', 'max_length', 'truncation_strategy', 'thinking', 'packing'] as const),
  ...(['loss_scale', 'use_loss_scale'] as const),
  ...(['check_dataset_strategy', 'dataset_num_proc', 'load_from_cache_file'] as const),
] as const;

/** Beside these, what the optimizer and the trainer take. */
export type TrainerArguments = Partial<Pick<TrainArguments, (typeof TRAINER_ARGUMENTS)[number]>> &
  OptimizerFlags &
  TrainerFlags;

export interface Seq2SeqTrainerOptions {
  readonly model: TunableModel;
  /** Arguments of `swift sft` that differ from their defaults; model, tuner and data are loaded already. */
  readonly args?: TrainerArguments;
  /** Loaded datasets, or plain rows of any accepted shape. */
  readonly train_dataset: readonly LoadedDataset[] | readonly RawRow[];
  /** Absent: nothing is evaluated; no rows are held out. */
  readonly eval_dataset?: readonly LoadedDataset[] | readonly RawRow[];
}

/** Supervised training of a prepared model, as Listing 1 of the SWIFT paper writes it. */
export class Seq2SeqTrainer {
  constructor(private readonly options: Seq2SeqTrainerOptions) {}

  /** What it comes to: the same job as that of `swift sft` with the same arguments. @throws SwiftError */
  job(): Promise<Job> {
    return inOptions(async () => (await this.resolve()).job);
  }

  /** Trains to the end; checkpoints and logs go below `output_dir`. @throws SwiftError */
  train(hooks: TrainHooks = {}): Promise<TrainResult> {
    return inOptions(async () => {
      const resolved = await this.resolve();
      onlyOptions('train', hooks, ['observers', 'onLog', 'onFolder', 'signal']);
      return this.run(resolved, hooks);
    });
  }

  private async resolve(): Promise<ResolvedRows> {
    requireOptions('Seq2SeqTrainer', this.options, '{ model, train_dataset }');
    const { model: given, args: options = {}, train_dataset, eval_dataset = [] } = this.options;
    requireModel('Seq2SeqTrainer', given);
    requireOptions('args', options, '{ num_train_epochs: 2 }');
    onlyOptions('Seq2SeqTrainer', this.options, ['model', 'args', 'train_dataset', 'eval_dataset']);
    checkRows('train_dataset', train_dataset);
    checkRows('eval_dataset', eval_dataset);
    const model = tunedModel(given);
    const { loaded, services: own, tuning } = model;
    refuseOthers(options, own);
    const val_dataset = namesOf(eval_dataset);
    const named = {
      dataset: namesOf(train_dataset),
      ...(val_dataset.length > 0 ? { val_dataset } : { dataset_test_ratio: 0 }),
    };
    const args = commandOptions('sft', { ...named, ...model.args, ...options }, own);
    checkTraining(args, own);
    const resume = await resumeFolder('sft', args, own);
    if (resume !== undefined && tuning.isFull && loaded.source !== resume) {
      throw new SwiftError('BAD_ARGUMENT', `resume_from_checkpoint: the weights are in ${resume}`, {
        cure: `Load the model from there: Model.fromPretrained('${resume}').`,
      });
    }
    const { id: trainerId, trainer } = await chosenTrainer('sft', args, own);
    checkReadable(loaded.model, trainer.objective);
    const train = await asDatasets(train_dataset, args);
    const held = await asDatasets(eval_dataset, args);
    const facts = {
      command: 'sft' as const,
      args,
      model: loaded,
      isFull: tuning.isFull,
      trainerId,
      trainer,
      adapters: model.tuners ?? [],
      train: train.map(describedRows),
      validation: held.map(describedRows),
    } as const;
    return { job: await buildJob(facts, own.plugins), args, trainer, model, train, held };
  }

  private async run(
    { job, args, trainer, model, train, held }: ResolvedRows,
    hooks: TrainHooks,
  ): Promise<TrainResult> {
    const { loaded, services: own } = model;
    const { template, tokenizer } = loaded;
    const files = mediaFilesOf(loaded, args.max_pixels);
    const seen = files && new SeenRows(files);
    const context = { template, tokenizer, ...trainer, seen, services: own };
    const data = await encodeRows('training', train, args, context);
    const { samples: validation } = await encodeRows('validation', held, args, context);
    checkLongSamples([...data.samples, ...validation], loaded.model, own);
    const scratch = args.offload_activations ? await ScratchFile.open(args.output_dir) : undefined;
    try {
      return await trainPrepared({ job, args, trainer, model, data, validation, scratch }, hooks);
    } finally {
      await scratch?.close();
    }
  }
}

/** A job with the rows and the model that a program has for it. */
interface ResolvedRows extends Pick<PreparedRun, 'job' | 'args' | 'model'> {
  readonly trainer: ChosenTrainer;
  readonly train: readonly LoadedDataset[];
  readonly held: readonly LoadedDataset[];
}

/** The names of datasets that were found by them; none for rows that a program brings. */
function namesOf(rows: readonly LoadedDataset[] | readonly RawRow[]): readonly string[] {
  return rows.flatMap((one) => (isDataset(one) && one.described ? [one.described.name] : []));
}

function describedRows({ name, described }: LoadedDataset): JobDataset {
  return described ?? { name, files: [], bytes: 0 };
}

function isDataset(value: LoadedDataset | RawRow): value is LoadedDataset {
  return 'report' in value && 'rows' in value;
}

/** @throws SwiftError BAD_ARGUMENT for what is no list of rows or datasets */
function checkRows(option: string, rows: unknown): void {
  if (Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null)) return;
  throw new SwiftError('BAD_ARGUMENT', `${option} is no list of rows or loaded datasets`, {
    cure: `Load them first: await MsDataset.load('rows.jsonl'), or give a list of rows.`,
  });
}

function tunedModel(model: TunableModel): TunedModel {
  const { tuning } = model;
  if (tuning) return { ...model, tuning };
  throw new SwiftError('BAD_ARGUMENT', 'the model has no tuner', {
    cure: 'Call Swift.prepareModel(model, { name: LoraConfig() }) first.',
  });
}

/** @throws SwiftError BAD_ARGUMENT for options that come too late for a model that is loaded */
function refuseOthers(options: object, own: Services): void {
  const early = new Set([
    ...Object.keys(commandArguments.sft),
    ...flagsOf(own, ['engine', 'tuner', 'quantizer', 'patcher', 'backend']),
  ]);
  const followed = new Set<string>([...TRAINER_ARGUMENTS, ...flagsOf(own, ['optimizer', 'trainer'])]);
  const late = Object.keys(options).filter((name) => early.has(name) && !followed.has(name));
  if ('offload_weights' in options) late.push('offload_weights');
  if (late.length === 0) return;
  throw new SwiftError('BAD_ARGUMENT', `a trainer does not take ${late.join(', ')}`, {
    cure: 'The model is loaded and tuned, the rows are read: say it to Model.fromPretrained, Swift.prepareModel or MsDataset.load; or give all arguments to train().',
  });
}

/** Rows that are loaded already, or those that a program brings. */
async function asDatasets(
  rows: readonly LoadedDataset[] | readonly RawRow[],
  options: Pick<TrainArguments, 'check_dataset_strategy'>,
): Promise<readonly LoadedDataset[]> {
  if (rows.length === 0) return [];
  if (isDataset(rows[0])) return rows as readonly LoadedDataset[];
  const source = { name: 'rows', paths: ['rows'], preprocessor: new AutoPreprocessor() };
  const random = SeededRandom.stream(0, 'rows');
  return [
    await loadDataset(source, {
      random,
      onBadRow: onBadRow(options),
      async *readRows(file) {
        for (const [i, row] of (rows as readonly RawRow[]).entries())
          yield { row, origin: { file, line: i + 1 } };
      },
    }),
  ];
}
