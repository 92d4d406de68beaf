import { sameShape } from 'swift-ts/graph';
import type { CausalLM, Parameter } from 'swift-ts/nn';
import {
  counted,
  didYouMean,
  SwiftError,
  tuner,
  type AdapterFiles,
  type AdapterTensor,
  type Random,
  type Tuner,
} from 'swift-ts/plugin';
import { loraArguments, type AdapterOptions, type LoraOptions } from './arguments.js';
import { LoraLinear } from './layer.js';
import { readPeftConfig, writePeftConfig } from './peft-config.js';
import { ADAPTER, checkSaved, FLAGS, isSaved, targetedLinears, touchesTied, type Origin } from './targets.js';
import { withinRoles } from './within-roles.js';

/** PEFT prefixes every tensor of an adapter file with the path to the wrapped model. */
const PEFT_PREFIX = 'base_model.model.';

/** Low-rank adapters on linear layers, in PEFT's files. */
@tuner({
  id: 'lora',
  summary: 'low-rank adapters (LoRA, rsLoRA)',
  peft_type: 'LORA',
  arguments: loraArguments,
  without_effect: { full: 'full tuning has no adapter' },
})
export class Lora implements Tuner<LoraOptions> {
  private options?: AdapterOptions;

  check(model: CausalLM, given: LoraOptions): void {
    const options = withinRoles(model, given);
    // A tied head becomes a module of its own only with its weights.
    if (touchesTied(model, options, FLAGS)) return;
    checkSaved(model, options, FLAGS);
    targetedLinears(model, options, FLAGS);
  }

  apply(model: CausalLM, options: LoraOptions, random: Random): void {
    const layers = this.wrap(model, withinRoles(model, options), FLAGS);
    for (const layer of layers) layer.initialize(random, options.init_lora_weights);
  }

  private wrap(model: CausalLM, options: AdapterOptions, origin: Origin): LoraLinear[] {
    this.options = options;
    const { lora_rank: rank, lora_alpha: alpha, lora_dropout, use_rslora } = options;
    const scaling = alpha / (use_rslora ? Math.sqrt(rank) : rank);
    if (touchesTied(model, options, origin)) model.untie();
    checkSaved(model, options, origin);
    const layers = targetedLinears(model, options, origin).map(([path, linear]) => {
      const dropout = linear === model.lm_head ? headDropout(lora_dropout, origin) : lora_dropout;
      const layer = new LoraLinear(linear, { rank, scaling, dropout });
      model.replace(path, layer);
      return layer;
    });
    for (const [, parameter] of this.trained(model, options)) parameter.trainable = !parameter.idle;
    return layers;
  }

  adapter(model: CausalLM, baseModel: string): AdapterFiles {
    const options = this.options!;
    const tensors = [...this.trained(model, options)].map(([name, { shape, data }]): AdapterTensor => ({
      name: PEFT_PREFIX + name,
      shape,
      data: data!,
    }));
    // PEFT holds all experts of a layer in one tensor, on which it knows no dropout.
    const onExperts = tensors.some(({ name }) => /\.experts\..*lora_A/.test(name));
    const written = onExperts ? { ...options, lora_dropout: 0 } : options;
    return { config: writePeftConfig(written, baseModel), tensors };
  }

  load(model: CausalLM, files: AdapterFiles): void {
    const { options, keepsTied } = readPeftConfig(files.config);
    if (keepsTied && touchesTied(model, options, ADAPTER)) throw keptTied();
    this.wrap(model, options, ADAPTER);
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
      if (!sameShape(tensor.shape, parameter.shape)) {
        throw new SwiftError(
          'SHAPE_MISMATCH',
          `adapter tensor '${fileName}' is [${tensor.shape}], the model needs [${parameter.shape}]`,
          { cure: 'Load the adapter on the base model it was trained on.' },
        );
      }
      parameter.data = tensor.data;
      given.delete(fileName);
    }
    // PEFT puts the base's own embedding and head into an adapter that has to do with them.
    for (const [name, parameter] of model.namedParameters()) {
      const tensor = given.get(PEFT_PREFIX + name);
      if (!tensor || !sameShape(tensor.shape, parameter.shape)) continue;
      parameter.data = tensor.data;
      given.delete(PEFT_PREFIX + name);
    }
    if (given.size > 0) {
      throw new SwiftError(
        'BAD_CHECKPOINT',
        `the adapter has ${counted(given.size, 'tensor that fits', 'tensors that fit')} nowhere, the first is '${[...given.keys()][0]}'`,
        { cure: 'Load the adapter on the base model it was trained on.' },
      );
    }
  }

  merge(model: CausalLM): void {
    for (const [path, module] of [...model.namedModules()]) {
      if (module instanceof LoraLinear) model.replace(path, module.merged());
    }
  }

  /** What an adapter trains: A and B of every layer, `modules_to_save`, and biases with `lora_bias_trainable all`. */
  private *trained(model: CausalLM, options: AdapterOptions): Generator<[string, Parameter]> {
    for (const [name, parameter] of model.namedParameters()) {
      const isAdapter = /\.lora_[AB]\.weight$/.test(name);
      const isBias = options.lora_bias_trainable === 'all' && name.endsWith('.bias');
      if (isAdapter || isBias || isSaved(name, options.modules_to_save)) yield [name, parameter];
    }
  }
}

/** The head has no dropout masks; what only answers needs none. @throws SwiftError BAD_ARGUMENT */
function headDropout(dropout: number, origin: Origin): number {
  if (dropout === 0 || origin === ADAPTER) return 0;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--lora_dropout ${dropout}: an adapter on the output head has no dropout`,
    {
      cure: 'Give --lora_dropout 0, or leave the head out of --target_modules.',
    },
  );
}

function keptTied(): SwiftError {
  return new SwiftError(
    'BAD_CHECKPOINT',
    'adapter_config.json: ensure_weight_tying is true for an embedding or head that is tuned, which is not supported',
    { cure: 'Merge the adapter into its base model with PEFT and load the merged model.' },
  );
}
