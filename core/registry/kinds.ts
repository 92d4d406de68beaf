/** Every kind of plugin, one row each: what its decorator, registry.json, `swift list` and the tests know of it. */
import type { Agent, AgentMeta } from '../contracts/agent.js';
import type { Backend, BackendMeta } from '../contracts/backend.js';
import type { Codec, CodecMeta } from '../contracts/codec.js';
import type { Engine, EngineMeta } from '../contracts/engine.js';
import type { Evaluator, EvaluatorMeta } from '../contracts/evaluator.js';
import type { LossScale, LossScaleMeta } from '../contracts/loss-scale.js';
import type { ModelLoader, ModelMeta } from '../contracts/model-loader.js';
import type { Optimizer, OptimizerMeta } from '../contracts/optimizer.js';
import type { Patcher, PatcherMeta } from '../contracts/patcher.js';
import type { DatasetMeta, Preprocessor } from '../contracts/preprocessor.js';
import type { Reward, RewardMeta } from '../contracts/reward.js';
import type { Quantizer, QuantizerMeta } from '../contracts/quantizer.js';
import type { Template, TemplateMeta } from '../contracts/template.js';
import type { Trainer, TrainerMeta } from '../contracts/trainer.js';
import type { Tuner, TunerMeta } from '../contracts/tuner.js';

/** What is known of one kind. */
export interface KindRow<Meta, Contract> {
  /** What plugins of this kind are for. */
  readonly summary: string;
  /** What a class of this kind must have: the parts of its contract that are not optional. */
  readonly members: readonly (keyof Contract & string)[];
  /** The ids that one decorator registers; its `id` where absent. */
  readonly ids?: (meta: Meta) => readonly string[];
  /** Fields of what the decorator is given that registry.json repeats, so that listings import no plugin. */
  readonly listed?: readonly (keyof Meta & string)[];
  /** More for registry.json, where fields do not say it. */
  readonly more?: (id: string, meta: Meta, target: new () => Contract) => object | Promise<object>;
}

function row<Meta, Contract>(kind: KindRow<Meta, Contract>): KindRow<Meta, Contract> {
  return kind;
}

/** Fields of every kind whose plugins take arguments. */
const TAKES = ['arguments', 'without_effect'] as const;

/** The ids of a plugin whose further ones are data of its decorator. */
const idsWith = ({ id, also = {} }: Pick<LossScaleMeta, 'id' | 'also'>): readonly string[] => [
  id,
  ...Object.keys(also),
];

const alsoSummary = (id: string, { also = {} }: Pick<LossScaleMeta, 'also'>): object =>
  Object.hasOwn(also, id) ? { summary: also[id] } : {};

export const KINDS = {
  model: row<ModelMeta, ModelLoader>({
    summary: 'a family of models: builds the module tree that a config.json describes',
    members: ['build'],
    ids: ({ variants }) => Object.keys(variants),
    listed: ['family'],
    more: (id, { variants, template }) => ({
      ...variants[id],
      template: variants[id].template ?? template,
    }),
  }),
  template: row<TemplateMeta, Template>({
    summary: 'how a conversation becomes tokens',
    members: ['encode', 'prompt', 'stopIds'],
    ids: idsWith,
    more: async (id, meta, target) => ({
      ...alsoSummary(id, meta),
      ...(await fingerprintOfData(target)),
    }),
  }),
  agent: row<AgentMeta, Agent>({
    summary: 'how tools are said to a model, and its calls read back',
    members: ['define', 'answer', 'reply', 'scan'],
    ids: idsWith,
    more: alsoSummary,
  }),
  'loss-scale': row<LossScaleMeta, LossScale>({
    summary: 'how much the tokens of an answer weigh in the loss',
    members: ['response'],
    ids: idsWith,
    more: alsoSummary,
  }),
  dataset: row<DatasetMeta, Preprocessor>({
    summary: 'where rows come from, and how each becomes a conversation',
    members: ['toRow'],
    listed: ['hf', 'ms', 'tags'],
  }),
  tuner: row<TunerMeta, Tuner>({
    summary: 'how a model is tuned: which parameters train, which modules are added',
    members: ['apply'],
    listed: ['peft_type', ...TAKES],
  }),
  trainer: row<TrainerMeta, Trainer>({
    summary: 'what training optimizes',
    members: ['supervise'],
    listed: ['command', ...TAKES, 'defaults'],
  }),
  reward: row<RewardMeta, Reward>({
    summary: 'what an answer is worth that a model gives as it trains',
    members: ['score'],
    listed: TAKES,
  }),
  optimizer: row<OptimizerMeta, Optimizer>({
    summary: 'how gradients change parameters',
    members: ['step', 'state', 'load'],
    listed: TAKES,
  }),
  backend: row<BackendMeta, Backend>({
    summary: 'what computes: one numeric library',
    members: ['compile', 'describe'],
    listed: TAKES,
  }),
  engine: row<EngineMeta, Engine>({
    summary: 'what carries out a training job, and where',
    members: ['run'],
    listed: TAKES,
  }),
  patcher: row<PatcherMeta, Patcher>({
    summary: 'what changes a model between its files and its use',
    members: ['applies'],
    listed: TAKES,
  }),
  quantizer: row<QuantizerMeta, Quantizer>({
    summary: 'how weights are held in fewer bits',
    members: ['fits', 'quantize'],
    listed: TAKES,
  }),
  codec: row<CodecMeta, Codec>({
    summary: 'how a quantized checkpoint stores its weights',
    members: ['open'],
    listed: ['quant_methods', 'config_file'],
  }),
  evaluator: row<EvaluatorMeta, Evaluator>({
    summary: 'a benchmark: what is asked, what an answer is worth',
    members: ['answers', 'question', 'judge'],
    ids: ({ id, sets }) => [...new Set([id, ...Object.keys(sets)])],
    listed: ['hf', 'ms'],
  }),
};

export type PluginKind = keyof typeof KINDS;

export const PLUGIN_KINDS = Object.keys(KINDS) as readonly PluginKind[];

type MetaIn<Row> = Row extends KindRow<infer Meta, infer _> ? Meta : never;
type ContractIn<Row> = Row extends KindRow<infer _, infer Contract> ? Contract : never;
export type MetaOf<K extends PluginKind> = MetaIn<(typeof KINDS)[K]>;
export type ContractOf<K extends PluginKind> = ContractIn<(typeof KINDS)[K]>;

/** Of a template that is data; one that is code may need a real tokenizer. */
async function fingerprintOfData(target: new () => Template): Promise<object> {
  const template = target.length === 0 ? new target() : undefined;
  if (template === undefined || !('spec' in template)) return {};
  const { fingerprintOf } = await import('../template/fingerprint.js');
  return { fingerprint: fingerprintOf(template) };
}
