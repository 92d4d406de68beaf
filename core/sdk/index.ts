/** The SDK: what the command line does, as functions. */
export * from '../errors.js';
export type { Message, RawRow } from '../contracts/row.js';
export type { LoadedDataset } from '../data/index.js';
export type { Answer } from '../infer/generate.js';
export type { LoadModelOptions } from '../model/load-model.js';
export type * from '../config/plugin-flags.js';
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
export type * from '../contracts/job.js';
export type { TrainHooks } from './run-trainer.js';
export type { EvalArguments, EvaluateHooks, EvaluateResult, EvaluationSummary } from './evaluate.js';
export type { EvaluatedItem } from '../eval/run-set.js';
export type { Mean, SetReport } from '../eval/report.js';
export { Chat, type ChatOptions, type Conversation } from './chat.js';
export type { InferArguments } from './infer.js';
export { inferDataset, type AnsweredRow, type InferDatasetOptions } from './infer-dataset.js';
export { createServices, type ServiceOptions, type Services } from './services.js';
export { LoraConfig, Model, MsDataset, Swift, type LoraConfigOptions, type TunerConfig } from './swift.js';
export { loadAdapters, type OpenOptions, type TunableModel, type TunedModel } from './tunable-model.js';
export { Catalog, type Listed } from '../registry/catalog.js';
export { buildManifest, pluginFiles } from '../registry/build.js';
export { loadPlugins } from '../registry/load-plugins.js';

export { services } from './default-services.js';
export { Seq2SeqTrainer, type Seq2SeqTrainerOptions, type TrainerArguments } from './seq2seq-trainer.js';
