/** One check a kind of plugin: what its contract says beyond the methods. Each yields what is wrong. */
import { optimizedBy } from '../train/optimized.js';
import { CodedWeights } from '../codec/coded-weights.js';
import { pluginOptions } from '../config/plugin-options.js';
import type { OptimizerParameter } from '../contracts/optimizer.js';
import { IGNORE_INDEX } from '../contracts/template.js';
import { SeededRandom } from '../data/index.js';
import { add, input, isInt8, makeGraph, matmul, type HostTensor } from '../graph/index.js';
import { ConfigReader } from '../nn/index.js';
import { isSwiftError } from '../errors.js';
import { loadModel } from '../model/load-model.js';
import type { TensorSource } from '../io/tensor-source.js';
import type { PluginKind } from '../registry/kinds.js';
import type { Plugin } from '../registry/plugins.js';
import { checkLossScale } from '../template/check-loss-scale.js';
import type { TunableModel } from '../sdk/tunable-model.js';
import { checkAgent } from './check-agent.js';
import { checkEvaluator } from './check-evaluator.js';
import { checkReward } from './check-reward.js';
import type { Bench } from './index.js';

type Check<K extends PluginKind> = (plugin: Plugin<K>, bench: Bench) => AsyncGenerator<string>;

export const CHECKS: { readonly [K in PluginKind]?: Check<K> } = {
  tuner: checkTuner,
  template: checkTemplate,
  model: checkModel,
  trainer: checkTrainer,
  optimizer: checkOptimizer,
  quantizer: checkQuantizer,
  codec: checkCodec,
  backend: checkBackend,
  evaluator: checkEvaluator,
  agent: checkAgent,
  'loss-scale': checkRules,
  reward: checkReward,
};

type Model = TunableModel['loaded']['model'];

async function* checkTuner(
  { meta, id }: Plugin<'tuner'>,
  { services, model }: Bench,
): AsyncGenerator<string> {
  const loaded = (): ReturnType<typeof loadModel> =>
    loadModel({ model_id_or_path: model, use_hf: true, dtype: 'fp32' }, services);
  const tuned = async (): Promise<[Plugin<'tuner'>['instance'], Model]> => {
    const { model: base, loraTargets } = await loaded();
    const { instance } = await services.plugins.resolve('tuner', id);
    const options = pluginOptions(meta, {}, { lora_target_modules: loraTargets });
    instance.check?.(base, options);
    await instance.apply(base, options, SeededRandom.seeded(1));
    return [instance, base];
  };
  const [tuner, first] = await tuned();
  const [, second] = await tuned();
  const values = trainedValues(first);
  if (values.size === 0) yield 'with its default arguments nothing trains';
  for (const [name, data] of values) {
    if (data === undefined) yield `what trains has no values: ${name}`;
    else if (!data.every(Number.isFinite)) yield `what trains is not finite: ${name}`;
  }
  if (!isSame(values, trainedValues(second)))
    yield 'the same seed gives other values: draw from `random` alone';
  if (!tuner.adapter) return;
  if (meta.peft_type === undefined) yield "it writes adapters and names no 'peft_type'";
  if (!tuner.load || !tuner.restore) return yield 'it writes adapters and has no `load` or no `restore`';
  for (const data of values.values()) data?.forEach((value, i) => (data[i] = value + 0.01 * (i % 3)));
  const files = tuner.adapter(first, 'base');
  if (files.config.peft_type !== meta.peft_type)
    yield `adapter_config.json says peft_type ${String(files.config.peft_type)}`;
  const [again, third] = await tuned();
  again.restore!(third, files);
  if (!isSame(values, trainedValues(third))) yield '`restore` gives other values than `adapter` wrote';
  const { model: fresh } = await loaded();
  const reader = (await services.plugins.resolve('tuner', id)).instance;
  await reader.load!(fresh, files);
  const read = new Map([...fresh.namedParameters()].map(([name, { data }]) => [name, data] as const));
  const lost = [...values].filter(([name, data]) => !isSameData(read.get(name), data));
  if (lost.length > 0) yield `\`load\` gives other values than \`adapter\` wrote, e.g. of ${lost[0][0]}`;
  if (!tuner.merge) return;
  const names = [...(await loaded()).model.namedParameters()].map(([name]) => name);
  reader.merge!(fresh);
  const merged = new Set([...fresh.namedParameters()].map(([name]) => name));
  if (names.some((name) => !merged.has(name)) || names.length !== merged.size)
    yield 'after `merge` the model has other parameters than the base';
}

function trainedValues(model: Model): ReadonlyMap<string, Float32Array | undefined> {
  const trained = [...model.namedParameters()].filter(([, { trainable, size }]) => trainable && size > 0);
  return new Map(trained.map(([name, { data }]) => [name, data]));
}

type Values = ReadonlyMap<string, Float32Array | undefined>;

function isSame(one: Values, other: Values): boolean {
  return one.size === other.size && [...one].every(([name, data]) => isSameData(other.get(name), data));
}

function isSameData(one: Float32Array | undefined, other: Float32Array | undefined): boolean {
  return one !== undefined && one.length === other?.length && one.every((value, i) => value === other[i]);
}

async function* checkRules({ instance }: Plugin<'loss-scale'>): AsyncGenerator<string> {
  try {
    checkLossScale(instance, 'it');
  } catch (error) {
    if (isSwiftError(error)) return yield error.message;
    throw error;
  }
}

async function* checkTemplate(
  { instance }: Plugin<'template'>,
  { services, model }: Bench,
): AsyncGenerator<string> {
  const { tokenizer } = await loadModel({ model_id_or_path: model, use_hf: true }, services);
  const question = { role: 'user', content: 'What is two and two?' } as const;
  const answer = { role: 'assistant', content: 'It is four.' } as const;
  const encoded = instance.encode({ messages: [question, answer] }, tokenizer);
  if (encoded.kind === 'dropped') return yield `a plain question and answer are dropped: ${encoded.reason}`;
  const { input_ids, labels } = encoded.sample;
  if (input_ids.length !== labels.length) yield `${input_ids.length} ids have ${labels.length} labels`;
  const wrong = labels.findIndex((label, i) => label !== IGNORE_INDEX && label !== input_ids[i]);
  if (wrong >= 0) yield `label ${wrong} is another token than the input there`;
  const learned = tokenizer.decode(labels.filter((label) => label !== IGNORE_INDEX));
  if (!learned.includes(answer.content))
    yield `what is learned is not the answer: ${JSON.stringify(learned)}`;
  const prompt = instance.prompt([question], tokenizer);
  if (prompt.some((id, i) => id !== input_ids[i]))
    yield 'the prompt is not how the encoded conversation begins';
  const stops = new Set(instance.stopIds(tokenizer));
  if (stops.size === 0) yield 'it has no stop token that the tokenizer knows';
}

async function* checkModel({ meta }: Plugin<'model'>, { services }: Bench): AsyncGenerator<string> {
  const { catalog } = services.plugins;
  if (meta.architectures.length === 0 && meta.same_architecture_as === undefined)
    yield "it serves no architecture: name 'architectures' or 'same_architecture_as'";
  const templates = [
    meta.template,
    ...Object.values(meta.variants).flatMap(({ template }) => template ?? []),
  ];
  for (const id of new Set(templates)) if (!catalog.has('template', id)) yield `there is no template '${id}'`;
  if (meta.lora_target_modules.length === 0) yield 'it names no lora_target_modules';
  for (const [id, { hf, ms }] of Object.entries(meta.variants)) {
    const isRepository = (name: string | undefined): boolean =>
      name === undefined || /^[\w.-]+\/[\w.-]+$/.test(name);
    if (!isRepository(hf) || !isRepository(ms)) yield `'${id}' names a repository that is not owner/name`;
  }
}

async function* checkTrainer({ instance, meta }: Plugin<'trainer'>): AsyncGenerator<string> {
  const options = pluginOptions(meta, {});
  const { supervise, tokenWeights } = optimizedBy(instance, options);
  if (!['assistant', 'all', 'none'].includes(supervise))
    yield `it supervises '${String(supervise)}': assistant, all or none`;
  const sample = { input_ids: [1, 2, 3], labels: [IGNORE_INDEX, 2, 3] };
  const weights = tokenWeights(sample);
  if (weights !== undefined && weights.length !== 3) yield `3 tokens have ${weights.length} weights`;
}

async function* checkOptimizer(
  { id, meta }: Plugin<'optimizer'>,
  { services }: Bench,
): AsyncGenerator<string> {
  const options = pluginOptions(meta, {});
  const fresh = async (): Promise<Plugin<'optimizer'>['instance']> =>
    (await services.plugins.resolve('optimizer', id)).instance;
  const one = await fresh();
  const parameter = (data: Float32Array): OptimizerParameter => ({
    name: 'weight',
    data,
    grad: Float32Array.of(0.5, -0.25, 0.125),
    decay: true,
    slots: Array.from({ length: one.slots }, () => new Float32Array(3)),
  });
  const [steady, resumed] = [parameter(Float32Array.of(1, 2, 3)), parameter(Float32Array.of(0, 0, 0))];
  one.step([steady], 0.1, options);
  if (!steady.data.every(Number.isFinite)) yield 'a step gives numbers that are not finite';
  const state = new Map([...one.state()].map(([name, values]) => [name, values.slice()]));
  resumed.data.set(steady.data);
  if (state.get('step')?.[0] !== 1) yield "its state has no 'step' that counts updates";
  const two = await fresh();
  two.load(state, new Map([['weight', 3]]));
  one.step([steady], 0.1, options);
  two.step([resumed], 0.1, options);
  if (!isSameData(steady.data, resumed.data)) yield 'after `load` it goes on otherwise than before `state`';
}

async function* checkQuantizer({ instance, meta }: Plugin<'quantizer'>): AsyncGenerator<string> {
  const random = SeededRandom.seeded(1);
  const shape = [8, 256];
  const values = Float32Array.from({ length: 8 * 256 }, () => random.normal());
  for (const bits of meta.bits) {
    const options = { ...pluginOptions(meta, {}), bits, largest_code: 64 };
    if (!instance.fits(shape, options)) {
      yield `in ${bits} bits it takes no weight of [${shape.join(', ')}]`;
      continue;
    }
    const weight = instance.quantize(values.slice(), shape, options);
    if (weight.shape.join() !== shape.join())
      yield `in ${bits} bits the shape becomes [${weight.shape.join(', ')}]`;
    const bytes = weight.parts.reduce((sum, { data }) => sum + data.byteLength, 0);
    if (bytes >= 4 * values.length) yield `in ${bits} bits a weight takes no less memory than in float32`;
    const codes = isInt8(weight.format) ? (weight.parts[0].data as Int8Array) : new Int8Array();
    if (codes.some((code) => Math.abs(code) > 64)) yield `in ${bits} bits codes exceed largest_code`;
  }
}

/** A linear layer's weight, as checkpoints call it. */
const LINEAR = 'model.layers.0.self_attn.q_proj.weight';

async function* checkCodec(
  { id, instance, meta }: Plugin<'codec'>,
  { services }: Bench,
): AsyncGenerator<string> {
  for (const method of meta.quant_methods) {
    const others = services.plugins.catalog.list('codec').filter((one) => one.id !== id);
    const rival = others.find(({ quant_methods = [] }) => quant_methods.includes(method));
    if (rival) yield `quant_method '${method}' is read by codec '${rival.id}' too`;
  }
  if (!meta.quant_methods.includes(String(meta.example.quant_method)))
    yield "quant_methods does not name the example's quant_method";
  const weights = instance.open(new ConfigReader(meta.example));
  const names = Object.values(weights.tensorsOf(LINEAR));
  if (names.length === 0) return yield `tensorsOf names no tensor of '${LINEAR}'`;
  if (new Set(names).size < names.length) yield `tensorsOf names one tensor twice: ${names.join(', ')}`;
  // A file that holds the first tensor alone, and that of no element.
  const source: TensorSource = {
    names: () => [names[0]],
    has: (name) => name === names[0],
    info: () => ({ dtype: 'U8', shape: [0] }),
    read: () => Promise.resolve(new Uint8Array()),
    readFloat32: () => Promise.resolve(new Float32Array()),
    close: () => Promise.resolve(),
  };
  const coded = new CodedWeights(weights, source, 'a file');
  const error = await coded.read(LINEAR, [128, 256], false).catch((thrown: unknown) => thrown);
  if (!isSwiftError(error))
    yield `a file that lacks tensors gives ${String(error)}, expected a SwiftError of tensors.take`;
}

async function* checkBackend(
  { instance, meta }: Plugin<'backend'>,
  { services }: Bench,
): AsyncGenerator<string> {
  instance.configure?.(pluginOptions(meta, {}));
  const oracle = (await services.plugins.resolve('backend', 'reference')).instance;
  const [x, y] = [input([2, 3]), input([3, 2])];
  const product = matmul(x, y);
  const graph = makeGraph([x, y], [add(product, product)]);
  const inputs: HostTensor[] = [
    { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2, 3, 0.5, 5, -6) },
    { dtype: 'float32', shape: [3, 2], data: Float32Array.of(2, 1, 0, -1, 4, 0.25) },
  ];
  const run = async (backend: typeof oracle): Promise<number[]> => {
    const executable = await backend.compile(graph);
    const [{ data }] = await executable.run(inputs);
    await executable.release();
    return Array.from(data as Float32Array);
  };
  const [found, expected] = [await run(instance), await run(oracle)];
  if (found.some((value, i) => !(Math.abs(value - expected[i]) < 1e-4)))
    yield `a matrix product gives ${found.join(', ')}, expected ${expected.join(', ')}`;
  if ((await instance.describe()) === '') yield 'it does not describe itself';
}
