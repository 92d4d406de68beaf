import {
  add,
  clamp,
  greaterEqual,
  mul,
  quickGelu,
  reshape,
  scalar,
  where,
  type Tensor,
} from 'swift-ts/graph';
import {
  ConfigReader,
  cutAt,
  DecoderLoader,
  decoderTraits,
  FeedForward,
  Linear,
  type DecoderTraits,
  type Fed,
  type LinearLike,
  type Scope,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

const NAMES = {
  norm: 'final_layernorm',
  qkv_proj: 'query_key_value',
  o_proj: 'dense',
};

/** Phi-3-small: block-sparse attention, gated and clamped feed-forwards. */
@model({
  family: 'phi3_small',
  summary: 'Phi-3-small: block-sparse attention, gated and clamped feed-forwards',
  architectures: ['Phi3SmallForCausalLM'],
  model_types: ['phi3small'],
  template: 'phi3',
  lora_target_modules: ['query_key_value'],
  variants: {
    'phi3-small-128k-instruct': {
      hf: 'microsoft/Phi-3-small-128k-instruct',
      ms: 'LLM-Research/Phi-3-small-128k-instruct',
    },
    'phi3-small-8k-instruct': {
      hf: 'microsoft/Phi-3-small-8k-instruct',
      ms: 'LLM-Research/Phi-3-small-8k-instruct',
    },
  },
})
export class Phi3Small extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    intermediate_size: 'ff_intermediate_size',
    rms_norm_eps: 'layer_norm_epsilon',
    rope_theta: 'rope_embedding_base',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('hidden_act', 'gegelu');
    reader.only('blocksparse_homo_head_pattern', false);
    const others = { ...reader.config, hidden_act: undefined };
    const traits = decoderTraits(new ConfigReader(others, this.fields), {
      max_position_embeddings: 8192,
      norm_eps: 1e-5,
      rope_theta: 1_000_000,
      tie_word_embeddings: true,
    });
    const limit = reader.number('gegelu_limit', 20);
    return {
      ...traits,
      norm: 'layer',
      bias: { qkv: true, o: true, mlp: true },
      rope_scaling: scaling(reader, traits),
      qkv: 'grouped',
      attention_scale: reader.flag('mup_use_scaling', true)
        ? reader.number('mup_attn_multiplier', 1) / traits.head_dim
        : undefined,
      sparse: sparsity(reader, traits),
      embedding: { scale: reader.number('mup_embedding_multiplier', 10) },
      logits: {
        scale: 1 / reader.number('mup_width_multiplier', 8),
        unused: reader.has('dummy_token_indices') ? reader.numbers('dummy_token_indices') : undefined,
      },
      feedForward: () => new GegeluMlp(traits, limit),
      names: NAMES,
    };
  }
}

/** Positions are multiplied by a scale, or by LongRoPE, whose amplitude is 1 up to the original length. */
function scaling(reader: ConfigReader, { rope_scaling }: DecoderTraits): DecoderTraits['rope_scaling'] {
  if (rope_scaling?.type !== 'longrope')
    return { type: 'linear', factor: 1 / reader.number('rope_position_scale', 1) };
  return { ...rope_scaling, short_attention_factor: reader.nested('rope_scaling').number('short_mscale', 1) };
}

/** Every layer is sparse but each so-and-so-manyth. */
function sparsity(reader: ConfigReader, { num_attention_heads }: DecoderTraits): DecoderTraits['sparse'] {
  const dense = reader.number('dense_attention_every_n_layers', 2);
  const stride = reader.count('blocksparse_vert_stride', 8);
  // With fewer heads its pattern moves by more than a block from head to head.
  if (stride > num_attention_heads)
    throw reader.error('blocksparse_vert_stride', `at most ${num_attention_heads}, the number of heads`);
  const pattern = [
    reader.count('blocksparse_block_size', 64),
    reader.count('blocksparse_num_local_blocks', 16),
    stride,
  ];
  return (layer) => (dense && (layer + 1) % dense === 0 ? undefined : pattern);
}

/** down(quickGelu(a) ∘ (b + 1)): a and b, cut to a limit, are the even and the odd features of one projection. */
class GegeluMlp extends FeedForward {
  up_proj: LinearLike;
  down_proj: LinearLike;

  constructor(
    { hidden_size, intermediate_size }: DecoderTraits,
    private readonly limit: number,
  ) {
    super();
    this.up_proj = new Linear(hidden_size, 2 * intermediate_size, { bias: true });
    this.down_proj = new Linear(intermediate_size, hidden_size, { bias: true });
  }

  forward(scope: Scope, x: Tensor): Fed {
    const both = this.up_proj.forward(scope, x);
    const inner = [...x.shape.slice(0, -1), both.shape.at(-1)! / 2];
    const pairs = reshape(both, [...inner, 2]);
    const [a, b] = cutAt(pairs, [1, 2]).map((part) => reshape(part, inner));
    const limit = scalar(this.limit);
    const gate = quickGelu(where(greaterEqual(a, limit), limit, a));
    const linear = add(clamp(b, -this.limit, this.limit), scalar(1));
    return { hidden: this.down_proj.forward(scope, mul(gate, linear)) };
  }
}
