import type { CausalLM, Parameter } from 'swift-ts/nn';
import {
  didYouMean,
  SwiftError,
  tuner,
  type AdapterFiles,
  type AdapterTensor,
  type Random,
  type Tuner,
  type TunerOptions,
} from 'swift-ts/plugin';
import { LoraLinear } from './layer.js';
import { readPeftConfig, writePeftConfig } from './peft-config.js';
import { targetedLinears } from './targets.js';

/** PEFT prefixes every tensor of an adapter file with the path to the wrapped model. */
const PEFT_PREFIX = 'base_model.model.';

/** Low-rank adapters on linear layers, in PEFT's files. */
@tuner({ id: 'lora', summary: 'low-rank adapters (LoRA, rsLoRA)', peft_type: 'LORA' })
export class Lora implements Tuner {
  private options?: TunerOptions;

  check(model: CausalLM, options: TunerOptions): void {
    targetedLinears(model, options);
    checkSaved(model, options);
  }

  apply(model: CausalLM, options: TunerOptions, random: Random): void {
    this.options = options;
    const { lora_rank: rank, lora_alpha: alpha, use_rslora } = options;
    const scaling = alpha / (use_rslora ? Math.sqrt(rank) : rank);
    for (const [path, linear] of targetedLinears(model, options)) {
      const layer = new LoraLinear(linear, { rank, scaling, dropout: options.lora_dropout });
      layer.initialize(random, options.init_lora_weights);
      model.replace(path, layer);
    }
    checkSaved(model, options);
    for (const [, parameter] of this.trained(model, options)) parameter.trainable = true;
  }

  adapter(model: CausalLM, baseModel: string): AdapterFiles {
    const options = this.options!;
    const tensors = [...this.trained(model, options)].map(([name, { shape, data }]): AdapterTensor => ({
      name: PEFT_PREFIX + name,
      shape,
      data: data!,
    }));
    return { config: writePeftConfig(options, baseModel), tensors };
  }

  load(model: CausalLM, files: AdapterFiles): void {
    const silent: Random = { uniform: () => 0, normal: () => 0 };
    this.apply(model, readPeftConfig(files.config), silent);
    this.restore(model, files);
  }

  restore(model: CausalLM, { tensors }: AdapterFiles): void {
    const options = this.options!;
    const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    for (const [name, parameter] of this.trained(model, options)) {
      const fileName = PEFT_PREFIX + name;
      const tensor = given.get(fileName);
      if (!tensor) {
        throw new SwiftError('BAD_CHECKPOINT', `the adapter has no tensor '${fileName}'`, {
          cure: [...didYouMean(fileName, given.keys()), 'Was it trained on another base model?'],
        });
      }
      if (tensor.data.length !== parameter.size) {
        throw new SwiftError(
          'SHAPE_MISMATCH',
          `adapter tensor '${fileName}' is [${tensor.shape}], the model needs [${parameter.shape}]`,
          { cure: 'Load the adapter on the base model it was trained on.' },
        );
      }
      parameter.data = tensor.data;
      given.delete(fileName);
    }
    if (given.size > 0) {
      throw new SwiftError(
        'BAD_CHECKPOINT',
        `the adapter has ${given.size} tensors that fit nowhere, the first is '${[...given.keys()][0]}'`,
        { cure: 'Load the adapter on the base model it was trained on.' },
      );
    }
  }

  merge(model: CausalLM): void {
    for (const [path, module] of [...model.namedModules()]) {
      if (module instanceof LoraLinear) model.replace(path, module.merged());
    }
  }

  /** What an adapter trains: A and B of every layer, `modules_to_save`, and biases with `lora_bias all`. */
  private *trained(model: CausalLM, options: TunerOptions): Generator<[string, Parameter]> {
    for (const [name, parameter] of model.namedParameters()) {
      const isAdapter = /\.lora_[AB]\.weight$/.test(name);
      const isBias = options.lora_bias === 'all' && name.endsWith('.bias');
      if (isAdapter || isBias || isSaved(model, name, options)) yield [name, parameter];
    }
  }
}

function checkSaved(model: CausalLM, { modules_to_save }: TunerOptions): void {
  const paths = [...model.namedParameters()].map(([name]) => name.slice(0, name.lastIndexOf('.')));
  for (const entry of modules_to_save) {
    if (paths.some((path) => path === entry || path.endsWith(`.${entry}`))) continue;
    const ends = new Set(paths.map((path) => path.slice(path.lastIndexOf('.') + 1)));
    throw new SwiftError('BAD_ARGUMENT', `--modules_to_save ${entry} matches no module`, {
      cure: [...didYouMean(entry, ends), "Name a module that holds weights, e.g. 'embed_tokens' or 'norm'."],
    });
  }
}

function isSaved(model: CausalLM, name: string, { modules_to_save }: TunerOptions): boolean {
  const path = name.slice(0, name.lastIndexOf('.'));
  const wanted = modules_to_save.find((entry) => path === entry || path.endsWith(`.${entry}`));
  const tied = model.tied.find(([, owner]) => owner === name);
  if (wanted && tied) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--modules_to_save ${wanted}: this model ties its embedding to its output head`,
      { cure: 'Leave it out, or tune everything with --sft_type full.' },
    );
  }
  return wanted !== undefined;
}
