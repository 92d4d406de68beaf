/** From what the user named to a model's files, family, template and tree: everything but its weights. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ImageSettings, ModelConfig, ModelLoader } from '../contracts/model-loader.js';
import type { Hub } from '../contracts/hub.js';
import { MEDIA_KINDS } from '../contracts/media.js';
import type { Processor } from '../contracts/processor.js';
import type { Log } from '../contracts/log.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { findCodec, type ChosenCodec } from '../codec/find-codec.js';
import { SwiftError } from '../errors.js';
import { ConfigError, Linear, VectorHead, type CausalLM } from '../nn/index.js';
import type { Listed } from '../registry/catalog.js';
import type { Plugin, Plugins } from '../registry/plugins.js';
import { withPlaceholders } from '../tokenizer/index.js';
import { chooseTemplate } from './choose-template.js';
import { findFamily } from './find-family.js';
import { ggufTable } from './gguf-table.js';
import { patchSource, type ModelPatch } from './patch-model.js';
import { addHeads, headsOfConfig, verdictIds, type TaskHeads } from './task-heads.js';
import { openModelSource, type ModelSource } from './model-source.js';
import { readSentenceModules, type SentenceModules } from './sentence-modules.js';
import { checkVocabulary, withinVocabulary } from './vocabulary.js';

export interface LocateOptions {
  /** Registered id, e.g. `qwen2-0.5b-instruct`. */
  readonly model_type?: string;
  /** Repository id, local folder or .gguf file, or a registered id; the registered repository when absent. */
  readonly model_id_or_path?: string;
  readonly model_revision?: string;
  /** Template id; chosen by the model when absent. */
  readonly template_type?: string;
  /** Id of a format of tools; the template's own when absent. */
  readonly agent_template?: string;
  /** Which repository id of a registered model to use. */
  readonly use_hf: boolean;
  /** Heads that a task wants, where the checkpoint's own are others. */
  readonly heads?: TaskHeads;
  /** Bits that its weights are to be quantized to; not those of a checkpoint that is quantized already. */
  readonly quant_bits?: number;
}

export interface ModelServices {
  readonly plugins: Plugins;
  readonly hub: Hub;
  readonly log: Log;
}

export interface LocatedModel {
  readonly opened: ModelSource;
  /** The folder or file of its weights on this machine. */
  readonly path: string;
  /** What a user would load again: repository id or path. */
  readonly source: string;
  /** What its runs are called: the registered id, else the name of its repository, folder or file. */
  readonly name: string;
  /** The registered id, or the architecture's family for a model known only by path. */
  readonly modelType: string;
  readonly plugin: Pick<Plugin<'model'>, 'instance' | 'meta'>;
  /** What reads its weights, where they are quantized. */
  readonly codec?: ChosenCodec;
  /** The module tree without weights; whether its head is tied may be known only from them. */
  readonly skeleton: CausalLM;
  /** Default `target_modules` of LoRA. */
  readonly loraTargets: readonly string[];
  readonly tokenizer: Tokenizer;
  readonly template: Template;
  /** Makes media ready for the model; absent for a model of text. */
  readonly processor?: Processor;
  readonly patches: readonly ModelPatch[];
  /** Beside the head of words, or in its place. */
  readonly heads: TaskHeads;
  /** How its vectors are made. */
  readonly sentence: SentenceModules;
  /** Id of the template, or `chat_template` for the checkpoint's own. */
  readonly templateId: string;
}

/** What turns rows into ids, found without building the model. */
type LocatedTemplate = Pick<
  LocatedModel,
  'opened' | 'source' | 'tokenizer' | 'template' | 'templateId' | 'patches'
> & {
  /** The registered checkpoint, when it is one. */
  readonly variant?: Listed;
  /** A registered id of its family. */
  readonly id: string;
};

/** Finds a model's files, tokenizer and template: also of one whose weights or config nothing here builds. @throws SwiftError */
export async function locateTemplate(
  options: LocateOptions,
  services: ModelServices,
): Promise<LocatedTemplate> {
  const { plugins, hub, log } = services;
  const named = withRegisteredId(options, plugins);
  const variant = findVariant(named, plugins);
  const source = named.model_id_or_path ?? repositoryOf(variant!, options.use_hf);
  const wanted = options.template_type ?? variant?.template;
  if (wanted !== undefined && wanted !== 'chat_template') plugins.catalog.find('template', wanted);
  if (options.agent_template !== undefined) plugins.catalog.find('agent', options.agent_template);
  const files = await openModelSource(source, {
    hub,
    revision: options.model_revision,
    gguf: ggufTable(plugins),
  });
  const { opened, patches } = await patchSource(files, options, services);
  if (opened.unread?.length)
    log.info(`${opened.path}: keys of its metadata that are of no use here: ${opened.unread.join(', ')}`);
  const id = variant?.id ?? findFamily(opened, services);
  const tokenizer = await opened.tokenizer();
  const family = plugins.catalog.find('model', id).template!;
  return {
    opened,
    patches,
    source,
    tokenizer,
    variant,
    id,
    ...(await chooseTemplate({ wanted, family, agent: options.agent_template }, tokenizer, { plugins, log })),
  };
}

/** Finds a model and builds its tree, without reading or fetching weights. @throws SwiftError */
export async function locateModel(options: LocateOptions, services: ModelServices): Promise<LocatedModel> {
  const found = await locateTemplate(options, services);
  const { opened, patches, source, template, templateId, variant, id } = found;
  const codec = await findCodec(opened, services.plugins);
  if (codec && options.quant_bits) throw quantizedAlready(options.quant_bits, opened.path, codec);
  const { instance, meta } = await services.plugins.resolve('model', id);
  const { processor, tokenizer } = await makeProcessor(found, instance);
  const skeleton = buildTree(instance, opened.config, opened.path);
  const heads = { ...headsOfConfig(opened.config), ...options.heads };
  addHeads(skeleton, heads);
  skeleton.verdict = verdictIds(heads, skeleton, tokenizer);
  const sentence = readSentenceModules(opened.path);
  makeVector(skeleton, sentence);
  skeleton.mark_ids = markIds(skeleton.marks, tokenizer);
  skeleton.new_tokens = opened.newTokens?.ids ?? [];
  const { embeddedIds: rows } = skeleton;
  checkVocabulary(tokenizer, rows, opened.path);
  return {
    opened,
    patches,
    codec,
    skeleton,
    heads,
    sentence,
    tokenizer,
    templateId,
    plugin: { instance, meta },
    processor,
    template: withinVocabulary(template, rows),
    path: opened.path,
    source: opened.path === source ? resolve(source) : source,
    name: variant?.id ?? nameOf(source),
    modelType: variant?.id ?? meta.family,
    loraTargets: presentTargets(meta.lora_target_modules, skeleton),
  };
}

/** What sees in a model, and the tokenizer that knows what stands in the places of media. */
interface LocatedSight extends Required<Pick<LocatedModel, 'processor' | 'tokenizer' | 'name'>> {
  readonly model: CausalLM;
}

/** What sees in a model whose template was located, without its weights; undefined for one of text. @throws SwiftError */
export async function locateSight(
  located: LocatedTemplate,
  { plugins }: ModelServices,
): Promise<LocatedSight | undefined> {
  const { opened, id } = located;
  const { instance } = await plugins.resolve('model', id);
  const { processor, tokenizer } = await makeProcessor(located, instance);
  if (!processor) return undefined;
  return { processor, tokenizer, model: buildTree(instance, opened.config, opened.path), name: id };
}

/** Beside it, the tokenizer that has its tokens. @throws SwiftError UNSUPPORTED_MODEL, BAD_CHECKPOINT */
async function makeProcessor(
  { id, opened, tokenizer, templateId: template }: LocatedTemplate,
  loader: ModelLoader,
): Promise<Pick<LocatedModel, 'processor' | 'tokenizer'>> {
  const { config, path } = opened;
  if (!loader.processor) return { tokenizer };
  const settings = opened.imageSettings();
  const made = asBuilt(`${path}: its settings for media`, () =>
    loader.processor!(config, settings, template),
  );
  const tokens = new Set(MEDIA_KINDS.flatMap((kind) => made[kind]?.token ?? []));
  const unknown = [...tokens].filter((token) => tokenizer.tokenToId(token) === undefined);
  if (unknown.length === 0 || made.own_tokens) {
    origins.set(made, { id, config, settings, template });
    return { processor: made, tokenizer: await withPlaceholders(tokenizer, unknown) };
  }
  throw new SwiftError(
    'BAD_CHECKPOINT',
    `${path}: the tokenizer has no ${unknown[0]}, in whose places media stand`,
    {
      cure: 'Tokenizer and weights do not belong together: take the tokenizer that comes with these weights.',
    },
  );
}

/** What a processor was made of. */
export interface ProcessorOrigin {
  /** Of the model. */
  readonly id: string;
  readonly config: ModelConfig;
  readonly settings: ImageSettings;
  /** Of the template. */
  readonly template: string;
}

const origins = new WeakMap<Processor, ProcessorOrigin>();

/** Undefined for one that a program made itself. */
export const processorOrigin = (processor: Processor): ProcessorOrigin | undefined => origins.get(processor);

/** What vectors of a model are read from, and go through, without values. */
export function makeVector(model: CausalLM, { pooling, dense }: SentenceModules): void {
  if (pooling) model.pools = pooling;
  if (dense.length > 0) model.vector = new VectorHead(dense);
}

/** Ids of tokens that mean something to a model itself, of those that the tokenizer has. */
function markIds(marks: readonly string[], tokenizer: Tokenizer): ReadonlyMap<string, number> {
  const ids = marks.map(
    (mark) => [mark, tokenizer.tokenToId(tokenizer.specialTokens[mark] ?? mark)] as const,
  );
  return new Map(ids.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function quantizedAlready(bits: number, path: string, { id }: ChosenCodec): SwiftError {
  return new SwiftError('BAD_ARGUMENT', `--quant_bits ${bits}: ${path} is quantized already (${id})`, {
    cure: 'Leave --quant_bits out: its weights stay in as few bits as they are stored in.',
  });
}

/** What a folder, file or repository is called. */
export function nameOf(source: string): string {
  return basename(resolve(source)).replace(/\.gguf$/, '');
}

/** Those of a family's default layers that this checkpoint has: DeepSeek-V2-Lite, say, has one query matrix, V2 two. */
function presentTargets(targets: readonly string[], model: CausalLM): string[] {
  const linears = [...model.namedModules()].filter(([, module]) => module instanceof Linear);
  return targets.filter(
    (name) => name === 'all-linear' || linears.some(([path]) => path === name || path.endsWith(`.${name}`)),
  );
}

/** `--model` takes a registered id too, unless a file or folder has that name. @throws SwiftError UNKNOWN_PLUGIN */
function withRegisteredId(options: LocateOptions, { catalog }: Plugins): LocateOptions {
  const name = options.model_id_or_path;
  const isPlace = name === undefined || /[/\\]/.test(name) || name.endsWith('.gguf') || existsSync(name);
  if (isPlace || options.model_type !== undefined) return options;
  const { id } = catalog.find('model', name);
  return { ...options, model_type: id, model_id_or_path: undefined };
}

function findVariant(options: LocateOptions, { catalog }: Plugins): Listed | undefined {
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

/** A family's module tree of a config. @throws SwiftError UNSUPPORTED_MODEL */
export function buildTree(loader: ModelLoader, config: ModelConfig, path: string): CausalLM {
  return asBuilt(path, () => loader.build(config));
}

function asBuilt<T>(what: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new SwiftError('UNSUPPORTED_MODEL', `${what}: ${error.message}`, {
      cure: 'Checkpoints that load: swift list models.',
      cause: error,
    });
  }
}
