import type { Backend, BackendMeta } from '../contracts/backend.js';
import type { Evaluator, EvaluatorMeta } from '../contracts/evaluator.js';
import type { ModelLoader, ModelMeta } from '../contracts/model-loader.js';
import type { Optimizer, OptimizerMeta } from '../contracts/optimizer.js';
import type { Patcher, PatcherMeta } from '../contracts/patcher.js';
import type { DatasetMeta, Preprocessor } from '../contracts/preprocessor.js';
import type { Quantizer, QuantizerMeta } from '../contracts/quantizer.js';
import type { Template, TemplateMeta } from '../contracts/template.js';
import type { Trainer, TrainerMeta } from '../contracts/trainer.js';
import type { Tuner, TunerMeta } from '../contracts/tuner.js';

/** Every kind of plugin with what its decorator takes and what its class must implement. */
export interface PluginKinds {
  model: { meta: ModelMeta; contract: ModelLoader };
  template: { meta: TemplateMeta; contract: Template };
  dataset: { meta: DatasetMeta; contract: Preprocessor };
  tuner: { meta: TunerMeta; contract: Tuner };
  trainer: { meta: TrainerMeta; contract: Trainer };
  optimizer: { meta: OptimizerMeta; contract: Optimizer };
  backend: { meta: BackendMeta; contract: Backend };
  patcher: { meta: PatcherMeta; contract: Patcher };
  quantizer: { meta: QuantizerMeta; contract: Quantizer };
  evaluator: { meta: EvaluatorMeta; contract: Evaluator };
}

export type PluginKind = keyof PluginKinds;

export const PLUGIN_KINDS = [
  'model',
  'template',
  'dataset',
  'tuner',
  'trainer',
  'optimizer',
  'backend',
  'patcher',
  'quantizer',
  'evaluator',
] as const satisfies readonly PluginKind[];

export type MetaOf<K extends PluginKind> = PluginKinds[K]['meta'];
export type ContractOf<K extends PluginKind> = PluginKinds[K]['contract'];
