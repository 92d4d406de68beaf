/** The SDK: what the command line does, as functions. */
export * from '../errors.js';
export type { Message, RawRow } from '../contracts/row.js';
export type { LoadedDataset } from '../data/index.js';
export type { Answer } from '../infer/growing-answer.js';
export type { LoadModelOptions } from '../model/load-model.js';
export type * from '../config/plugin-flags.js';
export { answerDatasets, evaluate, exportMerged, openChat, openModel, train } from './functions.js';
export type { TrainArguments } from './train-arguments.js';
export type { TrainHooks, TrainResult } from './run-trainer.js';
export type { EvalArguments, EvaluateHooks, EvaluateResult, EvaluationSummary } from './evaluate.js';
export type { EvaluatedItem } from '../eval/run-set.js';
export type { Mean, SetReport } from '../eval/report.js';
export { Chat, type ChatOptions, type Conversation } from './chat.js';
export type { InferArguments } from './infer.js';
export { inferDataset, type AnsweredRow, type InferDatasetOptions } from './infer-dataset.js';
export { createServices, type ServiceOptions, type Services } from './services.js';
export {
  LoraConfig,
  Model,
  MsDataset,
  Seq2SeqTrainer,
  services,
  Swift,
  type LoraConfigOptions,
  type Seq2SeqTrainerOptions,
  type TrainerArguments,
  type TunerConfig,
} from './swift.js';
export { loadAdapters, type OpenOptions, type TunableModel, type TunedModel } from './tunable-model.js';
export { Catalog, type Listed } from '../registry/catalog.js';
export { buildManifest, pluginFiles } from '../registry/build.js';
export { loadPlugins } from '../registry/load-plugins.js';
