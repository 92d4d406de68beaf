import { sameShape } from 'swift-ts/graph';
import {
  Attention,
  DecoderBlock,
  FusedMlp,
  GatedMlp,
  LayerNorm,
  Linear,
  PlainMlp,
  type Block,
  type CausalLM,
  type LinearLike,
  type Parameter,
} from 'swift-ts/nn';
import {
  argument,
  counted,
  SwiftError,
  tuner,
  weightValues,
  type AdapterFiles,
  type ErrorCode,
  type ModelConfig,
  type Random,
  type Tuner,
  type ValuesOf,
} from 'swift-ts/plugin';

const llamaProArguments = {
  llamapro_num_new_blocks: argument.int({ default: 4, min: 1, help: 'LLaMA-Pro: blocks that are added' }),
  llamapro_num_groups: argument.optionalInt({
    min: 1,
    help: 'LLaMA-Pro: equal groups of blocks, behind each of which some are added',
    derived: 'llamapro_num_new_blocks',
  }),
} as const;

type LlamaProOptions = ValuesOf<typeof llamaProArguments>;

/** How many blocks are added, behind how many groups. */
interface Expansion {
  readonly blocks: number;
  readonly groups: number;
}

/** What config.json calls the number of blocks. */
const COUNTS = ['num_hidden_layers', 'n_layer', 'num_layers', 'n_layers'] as const;

/**
 * LLaMA-Pro (Wu et al., 2024): behind each group of blocks copies of its last one, whose ways back into the residual stream are
 * zeros, so that the model answers as before until they are trained. The others stay as they are.
 */
@tuner({
  id: 'llamapro',
  summary: 'new blocks between the old ones (LLaMA-Pro)',
  peft_type: 'LLAMAPRO',
  arguments: llamaProArguments,
})
export class LlamaPro implements Tuner<LlamaProOptions> {
  private expansion?: Expansion;
  /** Blocks that were added, in the order of the tree. */
  private added: readonly Block[] = [];

  check(model: CausalLM, options: LlamaProOptions): void {
    checkExpansion(model, expansionOf(options), 'BAD_ARGUMENT');
  }

  apply(model: CausalLM, options: LlamaProOptions, _random: Random): void {
    for (const { block, from } of this.expand(model, expansionOf(options), 'BAD_ARGUMENT')) {
      const values = [...from.parameters()].map(([, parameter]) => parameter);
      for (const [i, [, parameter]] of [...block.parameters()].entries())
        parameter.data = copyOf(values[i], parameter);
      for (const layer of waysBack(block)) for (const [, { data }] of layer.parameters()) data!.fill(0);
    }
    for (const [, parameter] of model.parameters()) parameter.trainable = false;
    for (const [, parameter] of this.trained(model)) parameter.trainable = true;
  }

  /** From the last group to the first, so that the numbers of the others stay. */
  private expand(
    model: CausalLM,
    expansion: Expansion,
    code: ErrorCode,
  ): { readonly block: Block; readonly from: Block }[] {
    checkExpansion(model, expansion, code);
    this.expansion = expansion;
    const { blocks, groups } = expansion;
    const size = model.blocks.length / groups;
    const made = Array.from({ length: groups }, (_, i) => (groups - i) * size - 1).flatMap((after) =>
      Array.from({ length: blocks / groups }, () => {
        const from = model.blocks[after];
        return { block: model.insertBlock(after), from };
      }),
    );
    this.added = made.map(({ block }) => block);
    return made;
  }

  fields(config: ModelConfig): Readonly<Record<string, unknown>> {
    const { text_config: text } = config;
    const within = (text ?? config) as ModelConfig;
    const name = COUNTS.find((one) => typeof within[one] === 'number');
    if (name === undefined) return {};
    const { blocks, groups } = this.expansion!;
    const before = within[name] as number;
    const lists = Object.entries(within).filter(
      ([, value]) => Array.isArray(value) && value.length === before,
    );
    const size = before / groups;
    // What is said of each layer is said of the copy of its group's last one as well.
    const longer = (list: readonly unknown[]): unknown[] =>
      list.flatMap((one, i) =>
        (i + 1) % size === 0 ? Array.from({ length: 1 + blocks / groups }, () => one) : [one],
      );
    const fields = {
      [name]: before + blocks,
      ...Object.fromEntries(lists.map(([list, value]) => [list, longer(value as readonly unknown[])])),
    };
    return text === undefined ? fields : { text_config: { ...within, ...fields } };
  }

  adapter(model: CausalLM, baseModel: string): AdapterFiles {
    const { blocks, groups } = this.expansion!;
    const config = {
      peft_type: 'LLAMAPRO',
      base_model_name_or_path: baseModel,
      num_new_blocks: blocks,
      num_groups: groups,
    };
    const tensors = this.trained(model).map(([name, { shape, data }]) => ({ name, shape, data: data! }));
    return { config, tensors };
  }

  load(model: CausalLM, files: AdapterFiles): void {
    const { num_new_blocks: blocks, num_groups: groups } = files.config;
    if (!isCount(blocks) || !isCount(groups)) {
      const fault = `num_new_blocks is ${JSON.stringify(blocks)}, num_groups ${JSON.stringify(groups)}`;
      throw new SwiftError('BAD_CHECKPOINT', `adapter_config.json: ${fault}, expected numbers above 0`);
    }
    this.expand(model, { blocks, groups }, 'BAD_CHECKPOINT');
    this.restore(model, files);
  }

  restore(model: CausalLM, { tensors }: AdapterFiles): void {
    const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    const cure = 'Load it on the base model it was trained on.';
    for (const [name, parameter] of this.trained(model)) {
      const tensor = given.get(name);
      if (!tensor) throw new SwiftError('BAD_CHECKPOINT', `the adapter has no tensor '${name}'`, { cure });
      if (!sameShape(tensor.shape, parameter.shape)) {
        const fault = `adapter tensor '${name}' is [${tensor.shape}], the model needs [${parameter.shape}]`;
        throw new SwiftError('SHAPE_MISMATCH', fault, { cure });
      }
      parameter.data = tensor.data;
      given.delete(name);
    }
    if (given.size === 0) return;
    const many = counted(given.size, 'tensor that fits', 'tensors that fit');
    throw new SwiftError(
      'BAD_CHECKPOINT',
      `the adapter has ${many} nowhere, the first is '${[...given.keys()][0]}'`,
      { cure },
    );
  }

  /** The blocks are part of the tree, and stay. */
  merge(): void {
    this.added = [];
  }

  private trained(model: CausalLM): [string, Parameter][] {
    const own = new Set(this.added.flatMap((block) => [...block.parameters()].map(([, one]) => one)));
    return [...model.parameters()].filter(([, parameter]) => own.has(parameter));
  }
}

function expansionOf({ llamapro_num_new_blocks: blocks, llamapro_num_groups }: LlamaProOptions): Expansion {
  return { blocks, groups: llamapro_num_groups ?? blocks };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** @throws SwiftError where blocks and groups do not come out even, or a copy could not be without effect */
function checkExpansion({ blocks: all }: CausalLM, { blocks, groups }: Expansion, code: ErrorCode): void {
  if (all.length % groups !== 0) {
    const divisors = all.map((_, i) => i + 1).filter((one) => all.length % one === 0);
    throw new SwiftError(code, `${counted(all.length, 'block')} make no ${groups} equal groups`, {
      cure: `Take ${divisors.join(', ')} groups: --llamapro_num_groups.`,
    });
  }
  if (blocks % groups !== 0) {
    throw new SwiftError(code, `${counted(blocks, 'new block')} cannot lie evenly behind ${groups} groups`, {
      cure: `Add ${groups} or a multiple of it: --llamapro_num_new_blocks.`,
    });
  }
  for (const block of all) waysBack(block);
}

/** The layers by which a block adds to the residual stream. @throws SwiftError BAD_ARGUMENT where it has others */
function waysBack(block: Block): readonly LinearLike[] {
  const isDense = (part: unknown): part is GatedMlp | FusedMlp | PlainMlp =>
    part instanceof GatedMlp || part instanceof FusedMlp || part instanceof PlainMlp;
  if (block instanceof DecoderBlock && block.addsToStream && isDense(block.mlp)) {
    const { self_attn, mlp, post_self_attn_layernorm, post_mlp_layernorm } = block;
    const hasShift = [post_self_attn_layernorm, post_mlp_layernorm].some((norm) => norm instanceof LayerNorm);
    const layers = self_attn instanceof Attention && !hasShift ? [self_attn.o_proj, mlp.down_proj] : [];
    if (layers.length > 0 && layers.every((layer) => layer instanceof Linear)) return layers;
  }
  throw new SwiftError(
    'BAD_ARGUMENT',
    '--sft_type llamapro: new blocks are copies of attention and a dense feed-forward, and this model has others',
    { cure: 'Tune it by an adapter (--sft_type lora) or in full.' },
  );
}

/** @throws SwiftError BAD_ARGUMENT for weights on disk */
function copyOf(from: Parameter, { shape }: Parameter): Float32Array {
  if (from.places && !from.file) {
    throw new SwiftError('BAD_ARGUMENT', `--offload_weights: new blocks are copies of weights in memory`, {
      cure: 'Leave it out.',
    });
  }
  const values = weightValues(from);
  if (!sameShape(from.shape, shape)) throw new Error(`a copy of [${from.shape}] is [${shape}]`);
  return values.slice();
}
