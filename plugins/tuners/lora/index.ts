import { sameShape } from 'swift-ts/graph';
import {
  adapterNames,
  adapterParameters,
  DEFAULT_ADAPTER,
  addAdapters,
  Embedding,
  layersOf,
  SparseMoe,
  type CausalLM,
  type Parameter,
} from 'swift-ts/nn';
import {
  counted,
  didYouMean,
  mergeAdapters,
  SwiftError,
  tuner,
  type AdapterFiles,
  type AdapterTensor,
  type Random,
  type Tuner,
} from 'swift-ts/plugin';
import {
  loraArguments,
  NO_RULES,
  type AdapterOptions,
  type LoraOptions,
  type LoraSettings,
} from './arguments.js';
import { DoraAdapter } from './dora-adapter.js';
import { LoraEmbedding } from './embedding-adapter.js';
import { LoraAdapter } from './lora-adapter.js';
import { readPeftConfig, writePeftConfig } from './peft-config.js';
import {
  ADAPTER,
  byPattern,
  checkSaved,
  FLAGS,
  isSaved,
  targetedLayers,
  touchesTied,
  type Origin,
  type Target,
} from './targets.js';
import { withTablesSaved } from './new-tokens.js';
import { withinRoles } from './within-roles.js';

/** PEFT prefixes every tensor of an adapter file with the path to the wrapped model. */
const PEFT_PREFIX = 'base_model.model.';

/** A trained tensor, as it stands in the tree and in PEFT's file. */
interface Trained {
  readonly fileName: string;
  readonly parameter: Parameter;
  readonly transposed?: boolean;
}

/** Low-rank adapters on linear layers and embeddings, in PEFT's files. */
@tuner({
  id: 'lora',
  summary: 'low-rank adapters (LoRA, rsLoRA, DoRA)',
  peft_type: 'LORA',
  arguments: loraArguments,
  without_effect: { full: 'full tuning has no adapter' },
})
export class Lora implements Tuner<LoraOptions> {
  private settings?: LoraSettings;

  check(model: CausalLM, given: LoraOptions): void {
    const options = withTablesSaved(model, withinRoles(model, given));
    // A tied head becomes a module of its own only with its weights.
    if (touchesTied(model, options, FLAGS)) return;
    checkSaved(model, options, FLAGS);
    checkMethod(model, options, targetedLayers(model, { ...options, ...NO_RULES }, FLAGS), FLAGS);
  }

  apply(model: CausalLM, options: LoraOptions, random: Random, name = DEFAULT_ADAPTER): void {
    for (const adapter of this.add(
      model,
      { ...withTablesSaved(model, withinRoles(model, options)), ...NO_RULES },
      FLAGS,
      name,
    ))
      adapter.initialize(random, options.init_lora_weights);
  }

  private add(
    model: CausalLM,
    settings: LoraSettings,
    origin: Origin,
    name: string,
  ): (LoraAdapter | LoraEmbedding)[] {
    this.settings = settings;
    if (touchesTied(model, settings, origin)) model.untie();
    checkSaved(model, settings, origin);
    const targets = targetedLayers(model, settings, origin);
    checkMethod(model, settings, targets, origin);
    const paths = targets.map(([path]) => path);
    const of = (field: 'rank_pattern' | 'alpha_pattern', general: number) =>
      byPattern(paths, settings[field], general, `adapter_config.json: ${field}`);
    const [ranks, alphas] = [
      of('rank_pattern', settings.lora_rank),
      of('alpha_pattern', settings.lora_alpha),
    ];
    const adapters = targets.map(([path, layer]): [string, LoraAdapter | LoraEmbedding] => {
      const [rank, alpha] = [ranks.get(path)!, alphas.get(path)!];
      const scaling = alpha / (settings.use_rslora ? Math.sqrt(rank) : rank);
      if (layer instanceof Embedding) return [path, new LoraEmbedding(layer, { rank, scaling })];
      const dropout =
        layer === model.lm_head ? headDropout(settings.lora_dropout, origin) : settings.lora_dropout;
      const adapter = new (settings.use_dora ? DoraAdapter : LoraAdapter)(layer, { rank, scaling, dropout });
      adapter.bind(layer);
      return [path, adapter];
    });
    const isWhole = settings.modules_to_save.length > 0 || settings.lora_bias_trainable === 'all';
    if (isWhole || model.fixed_adapters.size > 0) checkAlone(model, name, origin);
    addAdapters(model, name, adapters);
    if (isWhole) model.fixed_adapters = new Set([...model.fixed_adapters, name]);
    for (const { parameter } of this.trained(model, name)) parameter.trainable = !parameter.idle;
    return adapters.map(([, adapter]) => adapter);
  }

  adapter(model: CausalLM, baseModel: string, name = DEFAULT_ADAPTER): AdapterFiles {
    const settings = this.settings!;
    const tensors = [...this.trained(model, name)].map((trained): AdapterTensor => {
      const { fileName, parameter } = trained;
      const data = parameter.data!;
      return trained.transposed
        ? { name: fileName, shape: flipped(parameter.shape), data: transposed(data, parameter.shape) }
        : { name: fileName, shape: parameter.shape, data };
    });
    // PEFT holds all experts of a layer in one tensor, on which it knows no dropout.
    const onExperts = tensors.some((tensor) => /\.experts\..*lora_A/.test(tensor.name));
    const written = onExperts ? { ...settings, lora_dropout: 0 } : settings;
    const task = model.score ? 'SEQ_CLS' : 'CAUSAL_LM';
    return { config: writePeftConfig(written, baseModel, task), tensors };
  }

  load(model: CausalLM, files: AdapterFiles, name = DEFAULT_ADAPTER): void {
    const { options, keepsTied } = readPeftConfig(files.config);
    if (keepsTied && touchesTied(model, options, ADAPTER)) throw keptTied();
    this.add(model, options, ADAPTER, name);
    this.restore(model, files, name);
  }

  restore(model: CausalLM, { tensors }: AdapterFiles, name = DEFAULT_ADAPTER): void {
    const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    for (const trained of this.trained(model, name)) {
      const { fileName, parameter } = trained;
      const shape = trained.transposed ? flipped(parameter.shape) : parameter.shape;
      const tensor = given.get(fileName);
      if (!tensor) {
        throw new SwiftError('BAD_CHECKPOINT', `the adapter has no tensor '${fileName}'`, {
          cure: [...didYouMean(fileName, given.keys()), 'Was it trained on another base model?'],
        });
      }
      if (!sameShape(tensor.shape, shape)) {
        throw new SwiftError(
          'SHAPE_MISMATCH',
          `adapter tensor '${fileName}' is [${tensor.shape}], the model needs [${shape}]`,
          { cure: 'Load the adapter on the base model it was trained on.' },
        );
      }
      parameter.data = trained.transposed ? transposed(tensor.data, shape) : tensor.data;
      given.delete(fileName);
    }
    // PEFT puts the base's own embedding and head into an adapter that has to do with them.
    for (const [path, parameter] of model.namedParameters()) {
      const tensor = given.get(PEFT_PREFIX + path);
      if (!tensor || !sameShape(tensor.shape, parameter.shape)) continue;
      parameter.data = tensor.data;
      given.delete(PEFT_PREFIX + path);
    }
    if (given.size > 0) {
      throw new SwiftError(
        'BAD_CHECKPOINT',
        `the adapter has ${counted(given.size, 'tensor that fits', 'tensors that fit')} nowhere, the first is '${[...given.keys()][0]}'`,
        { cure: 'Load the adapter on the base model it was trained on.' },
      );
    }
  }

  merge(model: CausalLM, name = DEFAULT_ADAPTER): void {
    mergeAdapters(model, [name]);
  }

  /** What an adapter trains: its own tensors, `modules_to_save`, and biases with `lora_bias_trainable all`. */
  private *trained(model: CausalLM, name: string): Generator<Trained> {
    const { lora_bias_trainable, modules_to_save } = this.settings!;
    const own = new Map<Parameter, Trained>();
    for (const [path, , adapter] of layersOf(model, name)) {
      for (const { name: part, parameter, transposed } of adapter.parts())
        own.set(parameter, { fileName: `${PEFT_PREFIX}${path}.${part}`, parameter, transposed });
    }
    const adapters = new Set(adapterNames(model).flatMap((other) => adapterParameters(model, other)));
    // The order of the tree: what trains is initialized and updated in it.
    for (const [path, parameter] of model.namedParameters()) {
      const trained = own.get(parameter);
      if (trained) yield trained;
      else if (adapters.has(parameter)) continue;
      else if ((lora_bias_trainable === 'all' && path.endsWith('.bias')) || isSaved(path, modules_to_save))
        yield { fileName: PEFT_PREFIX + path, parameter };
    }
  }
}

/** @throws SwiftError for layers on which the method is not built */
function checkMethod(
  model: CausalLM,
  { use_dora }: AdapterOptions,
  targets: readonly Target[],
  { code }: Origin,
): void {
  if (!use_dora) return;
  const experts = new Set(
    [...model.namedModules()].flatMap(([, module]) =>
      module instanceof SparseMoe ? [...module.experts.namedModules()].map(([, part]) => part) : [],
    ),
  );
  const other = targets.find(([, layer]) => layer instanceof Embedding || experts.has(layer));
  if (!other) return;
  const [path, layer] = other;
  const what = layer instanceof Embedding ? 'an embedding' : 'an expert';
  throw new SwiftError(code, `DoRA is not built for ${what}, '${path}'`, {
    cure: 'Leave it out of the target modules, or use LoRA: --use_dora false.',
  });
}

/** @throws SwiftError where two adapters would have to do with the model's own weights */
function checkAlone(model: CausalLM, name: string, { code, modules_to_save }: Origin): void {
  const others = adapterNames(model).filter((other) => other !== name);
  if (others.length === 0) return;
  throw new SwiftError(code, `${modules_to_save} or biases are tuned beside the adapter '${others[0]}'`, {
    cure: 'An adapter that tunes weights of the model itself stands alone.',
  });
}

const flipped = ([rows, columns]: readonly number[]): readonly number[] => [columns, rows];

/** @param shape of `values` */
function transposed(values: Float32Array, [rows, columns]: readonly number[]): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column];
  return turned;
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
