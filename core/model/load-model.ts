import type { ModelConfig, ModelLoader } from '../contracts/model-loader.js';
import type { Scratch } from '../contracts/scratch.js';
import { CodedWeights } from '../codec/coded-weights.js';
import type { FileDtype } from '../io/dtypes.js';
import type { TensorSource } from '../io/tensor-source.js';
import { Linear, type CausalLM } from '../nn/index.js';
import { withBaseNames } from './base-names.js';
import { bindWeights } from './bind-weights.js';
import { withoutFormerNames } from './former-names.js';
import { checkGrows, withGrownRows } from './grown-rows.js';
import { isIgnored } from './ignored-tensors.js';
import {
  buildTree,
  locateModel,
  makeVector,
  type LocatedModel,
  type LocateOptions,
  type ModelServices,
} from './locate-model.js';
import type { ModelSource } from './model-source.js';
import { withDenseWeights } from './sentence-modules.js';
import { addHeads, fillHeads, headParameters, isHead } from './task-heads.js';
import { WeightPlan, type WeightOptions } from './weight-plan.js';
import type { ModelOrigin } from './write-model.js';

export interface LoadModelOptions extends LocateOptions, WeightOptions {
  /** Where the blocks' matrices go; absent: everything stays in memory. */
  readonly scratch?: Scratch;
}

export interface LoadedModel extends Omit<LocatedModel, 'opened' | 'skeleton'> {
  readonly model: CausalLM;
  readonly config: ModelConfig;
  /** What a checkpoint of this model keeps of its files. */
  readonly origin: ModelOrigin;
}

/** Finds, builds and fills a model, and picks its tokenizer and template. @param located when it is found already */
export async function loadModel(
  options: LoadModelOptions,
  services: ModelServices,
  located?: LocatedModel,
): Promise<LoadedModel> {
  const all = located ?? (await locateModel(options, services));
  const { opened, skeleton: _skeleton, ...found } = all;
  const { model, dtypes, names } = await buildModel(all, options, services);
  for (const { id, patcher, options: told } of found.patches) {
    patcher.patch?.(model, opened.config, told);
    services.log.info(`model: patched by ${id}`);
  }
  return {
    ...found,
    model,
    config: opened.config,
    origin: { configText: opened.configText, files: opened.carriedFiles(), dtypes, names },
  };
}

async function buildModel(
  { plugin: { instance, meta }, opened, codec, heads, sentence, skeleton }: LocatedModel,
  options: LoadModelOptions,
  { plugins, log }: ModelServices,
): Promise<Pick<ModelOrigin, 'dtypes' | 'names'> & { readonly model: CausalLM }> {
  const files = await withDenseWeights(await opened.openWeights(), sentence, opened.path);
  try {
    const { source: weights, stored } = withoutFormerNames(files, meta.former_names);
    const model = buildTied(instance, opened, weights, codec);
    makeVector(model, sentence);
    if (heads.score !== undefined) model.dropHead();
    const ofHeads = headParameters(skeleton);
    // What reads sequences as a whole reads no mapped files: only generation does.
    const leave_in_files = options.leave_in_files && skeleton.writes;
    const plan = await WeightPlan.of(model, { ...options, leave_in_files }, plugins);
    const { source: named, bare } = withBaseNames(model, weights);
    const coded = codec && new CodedWeights(codec.weights, named, opened.path);
    const { newTokens } = opened;
    model.new_tokens = newTokens?.ids ?? [];
    if (newTokens) checkGrows(model, (name) => coded?.holds(name) === true, opened.path);
    await bindWeights(model, newTokens ? withGrownRows(named, model, newTokens.rows) : named, {
      place: opened.path,
      plan,
      log,
      coded,
      scratch: options.scratch,
      isApart: (name) => ofHeads.has(name),
      isIgnored: (name) => isHead(name) || isIgnored(name, opened.config, meta.ignored_tensors),
    });
    addHeads(model, heads);
    await fillHeads(model, named, opened.path);
    model.mark_ids = skeleton.mark_ids;
    model.verdict = skeleton.verdict;
    const names = [...model.namedParameters()].map(([name]) => name);
    const inFile = (name: string): string =>
      coded?.holds(name) ? statedDtype(opened.config) : named.info(name).dtype;
    const inFiles = names.filter((name) => !ofHeads.has(name) || named.has(name));
    const dtypes = new Map(inFiles.map((name) => [name, plan.fileDtype(inFile(name))]));
    // Without a head beside it, a model is the part that such files hold.
    const isPart = !model.lm_head && !model.score && model.tied.length === 0;
    const bareNames = [...bare].map(([name, short]) => [name, stored.get(short) ?? short] as const);
    return { model, dtypes, names: isPart ? new Map([...stored, ...bareNames]) : stored };
  } finally {
    await files.close();
  }
}

/** The type of the weights before they were quantized. */
function statedDtype({ dtype, torch_dtype: stated = dtype }: ModelConfig): FileDtype {
  return stated === 'bfloat16' ? 'BF16' : stated === 'float32' ? 'F32' : 'F16';
}

/** Where config.json does not say whether head and embedding are one tensor, the weights do. */
function buildTied(
  loader: ModelLoader,
  { config, path }: ModelSource,
  weights: TensorSource,
  codec: LocatedModel['codec'],
): CausalLM {
  const model = buildTree(loader, config, path);
  const { lm_head } = model;
  if (config.tie_word_embeddings !== undefined || !(lm_head instanceof Linear)) return model;
  const [name] = [...model.namedParameters()].find(([, parameter]) => parameter === lm_head.weight)!;
  const isThere = weights.has(name) || (codec && new CodedWeights(codec.weights, weights, path).holds(name));
  return isThere ? model : buildTree(loader, { ...config, tie_word_embeddings: true }, path);
}
