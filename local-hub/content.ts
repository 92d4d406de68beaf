/**
 * What the local hub serves when it is given nothing else: tiny random checkpoints and small datasets under the ids of
 * real ones, so that command lines for the real ones run, offline and in seconds. Equal on every machine.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SeededRandom } from '../core/data/random.js';
import { createContainer } from '../core/di.js';
import { writeCheckpoint } from '../core/io/checkpoint.js';
import { addHeads, headsOfConfig } from '../core/model/task-heads.js';
import type { CausalLM } from '../core/nn/index.js';
import { Catalog } from '../core/registry/catalog.js';
import type { PluginKind } from '../core/registry/kinds.js';
import { Plugins } from '../core/registry/plugins.js';
import { learnBpe, type Vocabulary } from './content/bpe.js';
import { benchmarkFiles, datasetFiles } from './content/dataset-files.js';
import type { Files } from './content/layout.js';
import { QUANTIZED_MODELS, SERVED_MODELS, type ServedModel } from './content/families.js';
import { FURTHER_MODELS } from './content/further-families.js';
import { sharedMedia } from './content/media-files.js';
import { READING_MODELS } from './content/reading-families.js';
import { HEARING_MODELS } from './content/hearing-families.js';
import { LLAVA_MODELS } from './content/llava-families.js';
import { OWN_LAYOUT_MODELS } from './content/own-layout-families.js';
import { FURTHER_SEEING_MODELS } from './content/further-seeing-families.js';
import { SEEING_MODELS } from './content/seeing-families.js';
import { chineseRows, codeRows, englishRows } from './content/rows.js';
import { quantized } from './content/quantized.js';
import { specialIds, tokenizerFiles } from './content/tokenizer-files.js';

const MERGES = 320;

/** Fills `folder/models` and `folder/datasets`, under both the Hugging Face and the ModelScope id of each. */
export async function writeHubContent(folder: string): Promise<void> {
  const plugins = new Plugins(Catalog.discover(), createContainer());
  const vocabulary = learnBpe(corpus(), MERGES);
  // A model's weights come of its number here, so new ones go to the end.
  const models = [
    ...SERVED_MODELS,
    ...FURTHER_MODELS,
    ...QUANTIZED_MODELS,
    ...SEEING_MODELS,
    ...LLAVA_MODELS,
    ...HEARING_MODELS,
    ...READING_MODELS,
    ...FURTHER_SEEING_MODELS,
    ...OWN_LAYOUT_MODELS,
  ];
  for (const [i, served] of models.entries()) {
    await publish(folder, 'model', served.id, plugins, (repository) =>
      writeModel(repository, served, { vocabulary, plugins, seed: i + 1 }),
    );
  }
  for (const [id, files] of Object.entries(benchmarkFiles())) {
    await publish(folder, 'evaluator', id, plugins, (repository) => writeFiles(repository, files));
  }
  await writeHubDatasets(folder);
}

/** Fills `folder/datasets` alone. */
export async function writeHubDatasets(folder: string): Promise<void> {
  const plugins = new Plugins(Catalog.discover(), createContainer());
  for (const [id, files] of Object.entries(await datasetFiles())) {
    await publish(folder, 'dataset', id, plugins, (repository) => writeFiles(repository, files));
  }
  for (const [repo, files] of Object.entries(await sharedMedia()))
    await writeFiles(join(folder, 'datasets', repo), files);
}

/** Writes a repository under a plugin's first id and copies it to the other. */
async function publish(
  folder: string,
  kind: PluginKind & ('model' | 'dataset' | 'evaluator'),
  id: string,
  { catalog }: Plugins,
  write: (repository: string) => Promise<void>,
): Promise<void> {
  const { hf, ms } = catalog.find(kind, id);
  const [first, second] = [...new Set([hf, ms])]
    .filter((name) => name !== undefined)
    .map((name) => join(folder, kind === 'model' ? 'models' : 'datasets', name));
  await mkdir(first, { recursive: true });
  await write(first);
  // On a file system that ignores case, `Qwen/x` and `qwen/x` are one folder already.
  if (second !== undefined && second.toLowerCase() !== first.toLowerCase()) {
    await cp(first, second, { recursive: true });
  } else if (second !== undefined) {
    await mkdir(second, { recursive: true });
    await write(second);
  }
}

interface ModelContext {
  readonly vocabulary: Vocabulary;
  readonly plugins: Plugins;
  readonly seed: number;
}

async function writeModel(
  repository: string,
  served: ServedModel,
  { vocabulary, plugins, seed }: ModelContext,
): Promise<void> {
  const { id, config: given, dtype, layout, maxShardBytes, tokenizer } = served;
  const { tokenFields = {}, images, beside = {}, dense = [], storedName = (name: string) => name } = served;
  const ids = specialIds(vocabulary, tokenizer);
  const { bos, eos, pad } = tokenizer;
  const config = {
    ...given,
    ...withVocabulary(given, {
      vocab_size: vocabulary.tokens.length + ids.size,
      bos_token_id: ids.get(bos ?? pad),
      eos_token_id: ids.get(eos),
    }),
    ...Object.fromEntries(Object.entries(tokenFields).map(([field, token]) => [field, ids.get(token)])),
    initializer_range: 0.02,
    torch_dtype: { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype as string],
    transformers_version: '4.45.0',
  };
  const { instance } = await plugins.resolve('model', id);
  const model = instance.build(config);
  addHeads(model, headsOfConfig(config));
  const tensors = randomWeights(model, SeededRandom.seeded(seed)).flatMap((tensor) => {
    const named = { ...tensor, name: storedName(tensor.name) };
    return layout && /_proj\.weight$/.test(tensor.name) ? quantized(named, layout) : [{ ...named, dtype }];
  });
  await writeCheckpoint(repository, tensors, { maxShardBytes });
  for (const [i, [inputs, outputs]] of dense.entries()) {
    const random = SeededRandom.seeded(seed, i + 1);
    const data = Float32Array.from({ length: inputs * outputs }, () => random.normal() / Math.sqrt(inputs));
    const place = join(repository, `${i + 2}_Dense`);
    await mkdir(place);
    await writeCheckpoint(place, [{ name: 'linear.weight', shape: [outputs, inputs], data, dtype }]);
  }
  const settings = images ? { 'preprocessor_config.json': images } : {};
  const files = { 'config.json': config, ...settings, ...beside, ...tokenizerFiles(vocabulary, tokenizer) };
  await writeFiles(
    repository,
    Object.fromEntries(
      Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
    ),
  );
}

/** The fields, where the config of a model with several parts keeps those of its language model. */
function withVocabulary(config: ServedModel['config'], fields: object): object {
  const part = ['text_config', 'llm_config'].find((name) => config[name]);
  return part === undefined ? fields : { [part]: { ...(config[part] as object), ...fields } };
}

/** Values as a fresh model has them: norms one, biases zero, the rest normal with deviation 0.02. */
function randomWeights(model: CausalLM, random: SeededRandom) {
  return [...model.namedParameters()].map(([name, { shape, size }]) => {
    const draw = (): number =>
      /norm\d?(_f)?\.weight$|\.ln_\w+\.weight$/i.test(name)
        ? 1
        : name.endsWith('.bias')
          ? 0
          : 0.02 * random.normal();
    return { name, shape, data: Float32Array.from({ length: size }, draw) };
  });
}

function corpus(): string {
  const alpaca = [...englishRows(), ...chineseRows(), ...codeRows()];
  return alpaca.map(({ instruction, input, output }) => `${instruction}\n${input}\n${output}\n`).join('');
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
}
