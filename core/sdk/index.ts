/** The SDK: what the command line does, as functions. */
export * from '../errors.js';
export { train, type TrainArguments } from './train.js';
export type { TrainHooks, TrainResult } from './run-trainer.js';
export { answerDatasets } from './answer-datasets.js';
export { Chat, type Conversation, type GenerationArguments } from './chat.js';
export { exportMerged } from './export.js';
export { openChat, type InferArguments } from './infer.js';
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
  type TunerConfig,
} from './swift.js';
export { loadAdapter, openModel, type OpenOptions, type TunableModel } from './tunable-model.js';
export { Catalog, type Listed } from '../registry/catalog.js';
export { buildManifest, pluginFiles } from '../registry/build.js';
