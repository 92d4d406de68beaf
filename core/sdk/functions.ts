/** What the command line does, as functions: they take what differs from defaults, and speak of options. */
import { commandArguments, TRAIN_COMMANDS, type TrainCommand } from '../config/commands.js';
import { commandOptions, type TrainArguments } from '../config/command-line.js';
import { modelArguments } from '../config/model-arguments.js';
import { argumentsOf } from '../config/plugin-arguments.js';
import * as answering from './answer-datasets.js';
import type { Chat } from './chat.js';
import * as evaluating from './evaluate.js';
import * as exporting from './export.js';
import * as asking from './infer.js';
import type { AnsweredRow } from './infer-dataset.js';
import { loadPlugins } from '../registry/load-plugins.js';
import { SwiftError } from '../errors.js';
import {
  requireChat,
  requireModel,
  requireOneOf,
  requireOptions,
  requireServices,
  requireText,
} from './check-given.js';
import { inOptions, onlyOptions } from './options.js';
import type { Job, TrainResult } from '../contracts/job.js';
import type { TrainHooks } from './train-in-folder.js';
import type { Services } from './services.js';
import * as resolving from './resolve-training.js';
import * as jobs from './run-job.js';
import { services, servicesOf, WARNINGS } from './default-services.js';
import * as training from './train.js';
import { patcherNames } from './train-arguments.js';
import * as opening from './tunable-model.js';
import type { TunableModel } from './tunable-model.js';

/** The services that arguments ask for, plugins that are files among them. */
async function servicesFor(args: Parameters<typeof servicesOf>[0]): Promise<Services> {
  await loadPlugins(args.plugins ?? []);
  return servicesOf(args);
}

/** `swift sft`, `swift pt` and `swift rlhf`: from arguments to checkpoints. @throws SwiftError */
export function train(
  command: TrainCommand,
  args: Partial<TrainArguments>,
  own?: Services,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  return inOptions(async () => {
    requireOneOf('the first argument of train', command, TRAIN_COMMANDS);
    requireOptions('train', args, "{ model_type: 'qwen2-0.5b-instruct', dataset: ['rows.jsonl'] }");
    requireServices('train', own);
    requireOptions("train's hooks", hooks, '{ signal }');
    const used = own ?? (await servicesFor(args));
    return training.train(command, commandOptions(command, args, used), used, hooks);
  }, own);
}

/** `swift job show`: what the arguments of training come to; no weights are read, nothing is written. @throws SwiftError */
export function resolveJob(
  command: TrainCommand,
  args: Partial<TrainArguments>,
  own?: Services,
): Promise<Job> {
  return inOptions(async () => {
    requireOneOf('the first argument of resolveJob', command, TRAIN_COMMANDS);
    requireOptions('resolveJob', args, "{ model_type: 'qwen2-0.5b-instruct', dataset: ['rows.jsonl'] }");
    requireServices('resolveJob', own);
    const used = own ?? (await servicesFor(args));
    return (await resolving.resolveTraining(command, commandOptions(command, args, used), used)).job;
  }, own);
}

/** `swift job run`: carries out a job by its engine. @param path of its file, or of a run's folder @throws SwiftError */
export function runJob(path: string, hooks: TrainHooks = {}): Promise<TrainResult> {
  return inOptions(async () => {
    requireText('the path of runJob', path, 'job.json');
    requireOptions("runJob's hooks", hooks, '{ signal }');
    return jobs.runJob(path, WARNINGS, hooks);
  });
}

/** `swift eval`: benchmarks asked of a model or a server, into a folder of their own. @throws SwiftError */
export function evaluate(
  args: Partial<evaluating.EvalArguments>,
  own?: Services,
  hooks: evaluating.EvaluateHooks = {},
): Promise<evaluating.EvaluateResult> {
  return inOptions(async () => {
    requireOptions('evaluate', args, "{ model_type: 'llama3-8b-instruct', eval_dataset: ['gsm8k'] }");
    requireServices('evaluate', own);
    requireOptions("evaluate's hooks", hooks, '{ signal }');
    const used = own ?? (await servicesFor(args));
    return evaluating.evaluate(commandOptions('eval', args, used), used, hooks);
  }, own);
}

/** `swift infer`: a model that answers. `isBase`: it continues text and knows no turns. @throws SwiftError */
export function openChat(
  args: Partial<asking.InferArguments>,
  own?: Services,
): Promise<{ readonly chat: Chat; readonly isBase: boolean }> {
  return inOptions(async () => {
    requireOptions('openChat', args, "{ ckpt_dir: 'output/…/checkpoint-100' }");
    requireServices('openChat', own);
    const used = own ?? (await servicesFor(args));
    return asking.openChat(commandOptions('infer', args, used), used);
  }, own);
}

/**
 * `swift infer --val_dataset`: answers the datasets' last user turns, into a file of its own.
 * @param onAnswer told of each line of the file
 * @param signal ends the work early; answers that are finished are in the file
 * @throws SwiftError
 */
export function answerDatasets(
  chat: Chat,
  args: Partial<asking.InferArguments>,
  own?: Services,
  onAnswer?: (row: AnsweredRow, done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ readonly count: number; readonly output: string }> {
  return inOptions(async () => {
    requireChat('answerDatasets', chat);
    requireOptions('answerDatasets', args, "{ val_dataset: ['questions.jsonl'] }");
    requireServices('answerDatasets', own);
    checkAnswering(args);
    const used = own ?? (await servicesFor(args));
    return answering.answerDatasets(chat, commandOptions('infer', args, used), used, onAnswer, signal);
  }, own);
}

/** What of `swift infer` says which rows are asked and where answers go; the chat is there already. */
const ANSWERING = [
  ...['val_dataset', 'show_dataset_sample', 'result_dir', 'max_batch_size', 'ckpt_dir', 'seed'],
  ...['use_hf', 'backend', 'plugins'],
];

/** @throws SwiftError BAD_ARGUMENT for what the chat has decided */
function checkAnswering(args: object): void {
  const set = Object.entries(args).filter(([, value]) => value !== undefined);
  const late = set
    .map(([name]) => name)
    .filter((name) => name in commandArguments.infer && !ANSWERING.includes(name));
  if (late.length === 0) return onlyOptions('answerDatasets', args, ANSWERING);
  throw new SwiftError('BAD_ARGUMENT', `answerDatasets does not take ${late.join(', ')}: the chat is open`, {
    cure: `Say it to Chat.open or openChat. answerDatasets takes ${ANSWERING.join(', ')}.`,
  });
}

const OPEN_OPTIONS = [
  ...[
    'ckpt_dir',
    'load_args_from_ckpt_dir',
    'model_type',
    'model_id_or_path',
    'model_revision',
    'template_type',
    'agent_template',
  ],
  ...['use_hf', 'dtype', 'quant_bits', 'quant_method', 'compute_precision', 'leave_in_files'],
  'scratch',
];

/** A base model, a base model with its adapter, or a full checkpoint. @throws SwiftError */
export function openModel(
  options: Partial<opening.OpenOptions>,
  own: Services = services(),
): Promise<TunableModel & { readonly system?: string }> {
  return inOptions(async () => {
    requireOptions('openModel', options, "{ ckpt_dir: 'output/…/checkpoint-100' }");
    const { catalog } = own.plugins;
    const { quant_method = modelArguments.quant_method.default } = options;
    const quantizer = argumentsOf('quantizer', catalog.find('quantizer', quant_method));
    onlyOptions('openModel', options, [...OPEN_OPTIONS, ...Object.keys(quantizer), ...patcherNames(catalog)]);
    return opening.openModel({ load_args_from_ckpt_dir: true, use_hf: own.useHf, ...options }, own);
  });
}

/** `swift export --merge_lora true`: writes a model with its adapter folded in; returns the folder. @throws SwiftError */
export function exportMerged(
  model: TunableModel & { readonly system?: string },
  folder: string,
): Promise<string> {
  return inOptions(async () => {
    requireModel('exportMerged', model);
    requireText('the folder of exportMerged', folder, 'merged');
    return exporting.exportMerged(model, folder);
  });
}
