import { resolve } from 'node:path';
import type { ModelConfig, ModelLoader } from '../contracts/model-loader.js';
import type { Hub } from '../contracts/hub.js';
import type { Log } from '../contracts/log.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { SwiftError } from '../errors.js';
import type { FileDtype } from '../io/dtypes.js';
import type { TensorSource } from '../io/tensor-source.js';
import { ConfigError, Linear, type CausalLM } from '../nn/index.js';
import type { Listed } from '../registry/catalog.js';
import type { Plugin, Plugins } from '../registry/plugins.js';
import { withBaseNames } from './base-names.js';
import { bindWeights } from './bind-weights.js';
import { chooseTemplate } from './choose-template.js';
import { findFamily } from './find-family.js';
import { isIgnored } from './ignored-tensors.js';
import { openModelSource, type ModelSource } from './model-source.js';
import { checkVocabulary, withinVocabulary } from './vocabulary.js';
import { WeightPlan, type WeightOptions } from './weight-plan.js';
import type { ModelOrigin } from './write-model.js';

export interface LoadModelOptions extends WeightOptions {
  /** Registered id, e.g. `qwen2-0.5b-instruct`. */
  readonly model_type?: string;
  /** Repository id, local folder or .gguf file; the registered repository when absent. */
  readonly model_id_or_path?: string;
  readonly model_revision?: string;
  /** Template id; chosen by the model when absent. */
  readonly template_type?: string;
  /** Where the blocks' matrices go; absent: everything stays in memory. */
  readonly scratch?: Scratch;
  /** Which repository id of a registered model to use. */
  readonly use_hf: boolean;
}

export interface LoadedModel {
  readonly model: CausalLM;
  readonly tokenizer: Tokenizer;
  readonly template: Template;
  /** Id of the template, or `chat_template` for the checkpoint's own. */
  readonly templateId: string;
  readonly config: ModelConfig;
  /** The registered id, or the architecture's family for a model known only by path. */
  readonly modelType: string;
  /** What a user would load again: repository id or path. */
  readonly source: string;
  /** Default `target_modules` of LoRA. */
  readonly loraTargets: readonly string[];
  /** What a checkpoint of this model keeps of its files. */
  readonly origin: ModelOrigin;
}

export interface ModelServices {
  readonly plugins: Plugins;
  readonly hub: Hub;
  readonly log: Log;
}

/** Finds, builds and fills a model, and picks its tokenizer and template. */
export async function loadModel(options: LoadModelOptions, services: ModelServices): Promise<LoadedModel> {
  const found = await findModel(options, services);
  const { instance, meta } = await services.plugins.resolve('model', found.modelType);
  const { opened, source, variant } = found;
  const { model, dtypes } = await buildModel({ instance, meta }, opened, options, services);
  await applyPatchers(model, opened.config, services);
  const { vocab_size: rows } = model.shape;
  const picked = await pickTemplate(options, found, services);
  checkVocabulary(picked.tokenizer, rows, opened.path);
  return {
    ...picked,
    template: withinVocabulary(picked.template, rows),
    model,
    config: opened.config,
    modelType: variant?.id ?? meta.family,
    source: opened.path === source ? resolve(source) : source,
    loraTargets: presentTargets(meta.lora_target_modules, model),
    origin: { configText: opened.configText, files: opened.carriedFiles(), dtypes },
  };
}

/** Those of a family's default layers that this checkpoint has: DeepSeek-V2-Lite, say, has one query matrix, V2 two. */
function presentTargets(targets: readonly string[], model: CausalLM): string[] {
  const linears = [...model.namedModules()].filter(([, module]) => module instanceof Linear);
  return targets.filter((name) => linears.some(([path]) => path === name || path.endsWith(`.${name}`)));
}

/** Only a model's tokenizer and template: no weights are read. */
export async function loadTemplate(
  options: LoadModelOptions,
  services: ModelServices,
): Promise<Pick<LoadedModel, 'tokenizer' | 'template' | 'templateId'>> {
  return pickTemplate(options, await findModel(options, services), services);
}

/** Lets every patcher that knows this config mend the loaded model, in the order of their ids. */
async function applyPatchers(
  model: CausalLM,
  config: ModelConfig,
  { plugins, log }: ModelServices,
): Promise<void> {
  for (const { id } of plugins.catalog.list('patcher')) {
    const { instance } = await plugins.resolve('patcher', id);
    if (!instance.applies(config)) continue;
    instance.patch(model, config);
    log.info(`model: patched by ${id}`);
  }
}

interface FoundModel {
  readonly opened: ModelSource;
  /** As the user or the registry names it. */
  readonly source: string;
  /** The registered checkpoint, when it is one. */
  readonly variant?: Listed;
  /** A registered id of its family. */
  readonly modelType: string;
}

async function findModel(options: LoadModelOptions, services: ModelServices): Promise<FoundModel> {
  const { plugins, hub } = services;
  const variant = findVariant(options, plugins);
  const source = options.model_id_or_path ?? repositoryOf(variant!, options.use_hf);
  const opened = await openModelSource(source, { hub, revision: options.model_revision });
  return { opened, source, variant, modelType: variant?.id ?? findFamily(opened, services) };
}

async function pickTemplate(
  options: LoadModelOptions,
  { opened, variant, modelType }: FoundModel,
  { plugins, log }: ModelServices,
): Promise<Pick<LoadedModel, 'tokenizer' | 'template' | 'templateId'>> {
  const tokenizer = await opened.tokenizer();
  const family = plugins.catalog.find('model', modelType).template!;
  const wanted = options.template_type ?? variant?.template;
  return { tokenizer, ...(await chooseTemplate({ wanted, family }, tokenizer, { plugins, log })) };
}

function findVariant(options: LoadModelOptions, { catalog }: Plugins): Listed | undefined {
  const { model_type, model_id_or_path } = options;
  if (model_type !== undefined) return catalog.find('model', model_type);
  if (model_id_or_path === undefined) {
    throw new SwiftError('BAD_ARGUMENT', 'no model is given', {
      cure: 'Name one: --model_type qwen2-0.5b-instruct (see swift list models), or --model <id, folder or .gguf file>.',
    });
  }
  const wanted = model_id_or_path.toLowerCase();
  return catalog.list('model').find(({ hf, ms }) => [hf, ms].some((id) => id?.toLowerCase() === wanted));
}

function repositoryOf({ id, hf, ms }: Listed, useHf: boolean): string {
  const repository = useHf ? (hf ?? ms) : (ms ?? hf);
  if (repository !== undefined) return repository;
  throw new SwiftError('BAD_ARGUMENT', `model '${id}' names no repository`, {
    cure: 'Give its place: --model_id_or_path <id or folder>.',
  });
}

async function buildModel(
  { instance, meta }: Pick<Plugin<'model'>, 'instance' | 'meta'>,
  opened: ModelSource,
  options: LoadModelOptions,
  { plugins, log }: ModelServices,
): Promise<{ model: CausalLM; dtypes: ReadonlyMap<string, FileDtype> }> {
  const weights = await opened.openWeights();
  try {
    const model = buildTied(instance, opened, weights);
    const plan = await WeightPlan.of(model, options, plugins);
    const named = withBaseNames(model, weights);
    await bindWeights(model, named, {
      place: opened.path,
      plan,
      log,
      scratch: options.scratch,
      isIgnored: (name) => isIgnored(name, opened.config, meta.ignored_tensors),
    });
    const names = [...model.namedParameters()].map(([name]) => name);
    return { model, dtypes: new Map(names.map((name) => [name, plan.fileDtype(named.info(name).dtype)])) };
  } finally {
    await weights.close();
  }
}

/** Where config.json does not say whether head and embedding are one tensor, the weights do. */
function buildTied(loader: ModelLoader, { config, path }: ModelSource, weights: TensorSource): CausalLM {
  const model = build(loader, config, path);
  const { lm_head } = model;
  if (config.tie_word_embeddings !== undefined || !(lm_head instanceof Linear)) return model;
  const [name] = [...model.namedParameters()].find(([, parameter]) => parameter === lm_head.weight)!;
  return weights.has(name) ? model : build(loader, { ...config, tie_word_embeddings: true }, path);
}

function build(loader: ModelLoader, config: ModelConfig, path: string): CausalLM {
  try {
    return loader.build(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new SwiftError('UNSUPPORTED_MODEL', `${path}: ${error.message}`, {
      cure: 'Use a checkpoint of the same family without it.',
      cause: error,
    });
  }
}
