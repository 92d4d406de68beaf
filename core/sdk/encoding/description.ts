/** What makes samples of rows, said in values that another thread understands, and made again there. */
import type { ImageSettings, ModelConfig } from '../../contracts/model-loader.js';
import type { Log } from '../../contracts/log.js';
import type { PluginOptions } from '../../contracts/plugin-meta.js';
import type { Template } from '../../contracts/template.js';
import type { Tokenizer } from '../../contracts/tokenizer.js';
import { MediaFiles, RowEncoder, SeenRows, type EncoderSettings } from '../../data/index.js';
import { OWN_TEMPLATE } from '../../model/choose-template.js';
import { resolveTemplate } from '../../model/resolve-template.js';
import { buildTree, processorOrigin } from '../../model/locate-model.js';
import { boundsOf, withinVocabulary } from '../../model/vocabulary.js';
import { idOf } from '../../plugin-id.js';
import { loadPlugins } from '../../registry/load-plugins.js';
import type { Plugins } from '../../registry/plugins.js';
import { createJinjaTemplate, JinjaTemplate } from '../../template/index.js';
import type { TokenizerDefinition } from '../../tokenizer/definition.js';
import { HfTokenizer } from '../../tokenizer/hf-tokenizer.js';
import { optimizedBy } from '../../train/optimized.js';
import type { EncodeContext } from '../encode-rows.js';
import { createServices } from '../services.js';

export interface EncoderDescription {
  /** As `--plugins` names them. */
  readonly plugins: readonly string[];
  readonly tokenizer: TokenizerDefinition;
  /** Its id, and the rows of the embedding that its ids are held against. */
  readonly template: string;
  readonly rows?: number;
  /** Id of the format in which it says tools. */
  readonly agent?: string;
  readonly options: EncoderSettings;
  /** The trainer that makes several sequences of a row, and what it is told. */
  readonly trainer?: { readonly id: string; readonly options: PluginOptions };
  /** Of a model that sees. */
  readonly sight?: {
    readonly model: string;
    readonly config: ModelConfig;
    readonly settings: ImageSettings;
    readonly template: string;
    readonly max_pixels?: number;
  };
}

/** Undefined where a program brought a part of its own, which no other thread could make. */
export async function describeEncoder(
  options: EncoderSettings,
  { template: bounded, tokenizer, trainer, objective, seen, services }: EncodeContext,
): Promise<EncoderDescription | undefined> {
  const { template, rows } = boundsOf(bounded);
  const id = await templateId(template, tokenizer, services.plugins);
  if (id === undefined || tokenizer.constructor !== HfTokenizer || (objective && !trainer)) return undefined;
  const agent = template.agent && idOf(template.agent);
  if (agent !== undefined && !services.plugins.catalog.has('agent', agent)) return undefined;
  const described: EncoderDescription = {
    plugins: services.named,
    tokenizer: (tokenizer as HfTokenizer).definition,
    template: id,
    rows,
    agent,
    options,
    trainer: objective && trainer,
  };
  if (!seen) return described;
  const { processor, max_pixels } = seen.files.sight;
  const origin = processorOrigin(processor);
  return origin && { ...described, sight: { ...origin, model: origin.id, max_pixels } };
}

/** The id by which another thread finds the same template. */
async function templateId(
  template: Template,
  tokenizer: Tokenizer,
  plugins: Plugins,
): Promise<string | undefined> {
  if (template.constructor === JinjaTemplate) {
    const { source } = template as JinjaTemplate;
    return source !== undefined && source === tokenizer.chat_template ? OWN_TEMPLATE : undefined;
  }
  const id = idOf(template);
  if (!plugins.catalog.has('template', id)) return undefined;
  const { instance } = await plugins.resolve('template', id);
  return instance.constructor === template.constructor ? id : undefined;
}

/** What a description describes. @throws SwiftError */
export async function rebuildEncoder(
  description: EncoderDescription,
  log: Log,
): Promise<{ readonly encoder: RowEncoder; readonly seen?: SeenRows }> {
  const { plugins: named, template: id, agent, rows, trainer, sight, options } = description;
  await loadPlugins(named);
  const { plugins } = createServices({ use_hf: true, backend: '', plugins: named, log });
  const tokenizer = new HfTokenizer(description.tokenizer);
  const plain =
    id === OWN_TEMPLATE
      ? await createJinjaTemplate(tokenizer)
      : (await resolveTemplate(plugins, id, agent)).template;
  const template = rows === undefined ? plain : withinVocabulary(plain, rows);
  const objective =
    trainer &&
    optimizedBy((await plugins.resolve('trainer', trainer.id)).instance, trainer.options).objective;
  const seen = sight && new SeenRows(await filesAs(sight, plugins));
  const sequences: RowEncoderSequences = objective && ((row, template) => objective.sequences(row, template));
  return { encoder: new RowEncoder(template, tokenizer, { ...options, sequences, seen }), seen };
}

type RowEncoderSequences = ConstructorParameters<typeof RowEncoder>[2]['sequences'];

async function filesAs(
  { model, config, settings, template, max_pixels }: NonNullable<EncoderDescription['sight']>,
  plugins: Plugins,
): Promise<MediaFiles> {
  const { instance } = await plugins.resolve('model', model);
  const processor = instance.processor!(config, settings, template);
  const tower = buildTree(instance, config, model).tower!;
  return new MediaFiles({ processor, tower, max_pixels });
}
