/**
 * The SDK, in three layers; begin with the first.
 *
 * 1. Commands as functions: options named as flags are, errors that speak of options, everything else as `swift` does it.
 * 2. Parts, as the SWIFT paper writes them: a model is loaded, tuned, trained, asked, by objects that a program holds.
 * 3. What those stand on: services, the registry, plugins.
 */
export {
  answerDatasets,
  evaluate,
  exportMerged,
  openChat,
  openModel,
  resolveJob,
  runJob,
  train,
} from './functions.js';
export type { TrainArguments } from '../config/command-line.js';
export type { TrainHooks } from './train-in-folder.js';
export type * from '../contracts/job.js';
export type { EvalArguments, EvaluateHooks, EvaluateResult, EvaluationSummary } from './evaluate.js';
export type { EvaluatedItem } from '../eval/run-set.js';
export type { Mean, SetReport } from '../eval/report.js';
export type { InferArguments } from './infer.js';
export type { OpenOptions } from './tunable-model.js';

export { LoraConfig, Model, MsDataset, Swift, type LoraConfigOptions, type TunerConfig } from './swift.js';
export { Seq2SeqTrainer, type Seq2SeqTrainerOptions, type TrainerArguments } from './seq2seq-trainer.js';
export { Chat, type ChatOptions, type Conversation } from './chat.js';
export { Scorer, type Judgement, type ScorerOptions } from './scorer.js';
export { judgeDataset, type JudgedRow, type JudgeDatasetOptions } from './judge-dataset.js';
export { inferDataset, type AnsweredRow, type InferDatasetOptions } from './infer-dataset.js';
export { loadAdapters, type TunableModel, type TunedModel } from './tunable-model.js';
export type { Answer } from '../infer/growing-answer.js';
export type { Message, RawRow } from '../contracts/row.js';
export type { LoadedDataset } from '../data/index.js';
export type { LoadModelOptions } from '../model/load-model.js';

export { services } from './default-services.js';
export { createServices, type ServiceOptions, type Services } from './services.js';
export { Catalog, type Listed } from '../registry/catalog.js';
export { buildManifest, pluginFiles } from '../registry/build.js';
export { loadPlugins } from '../registry/load-plugins.js';
export type * from '../config/plugin-flags.js';
export * from '../errors.js';
