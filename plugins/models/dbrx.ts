import { groupedMatmul, mul, slice, type Tensor } from 'swift-ts/graph';
import {
  DecoderLoader,
  decoderTraits,
  Experts,
  Parameter,
  Router,
  SparseMoe,
  topExperts,
  type ConfigReader,
  type DecoderTraits,
  type Dispatched,
  type ExpertSize,
  type Scope,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { DBRX } from './_gguf/dbrx.js';

const NAMES = {
  model: 'transformer',
  embed_tokens: 'wte',
  layers: 'blocks',
  norm: 'norm_f',
  input_layernorm: 'norm_attn_norm.norm_1',
  post_attention_layernorm: 'norm_attn_norm.norm_2',
  self_attn: 'norm_attn_norm.attn',
  qkv_proj: 'Wqkv',
  o_proj: 'out_proj',
  mlp: 'ffn',
  gate: 'router.layer',
  experts: 'experts.mlp',
};

/** DBRX: 16 experts, four per token. */
@model({
  family: 'dbrx',
  summary: 'DBRX: 16 experts, four per token',
  architectures: ['DbrxForCausalLM'],
  model_types: ['dbrx'],
  gguf: { dbrx: DBRX.dbrx },
  template: 'dbrx',
  lora_target_modules: ['attn.Wqkv'],
  variants: {
    'dbrx-instruct': { hf: 'databricks/dbrx-instruct', ms: 'AI-ModelScope/dbrx-instruct' },
    'dbrx-base': { hf: 'databricks/dbrx-base', ms: 'AI-ModelScope/dbrx-base' },
  },
})
export class Dbrx extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    hidden_size: 'd_model',
    num_hidden_layers: 'n_layers',
    num_attention_heads: 'n_heads',
    max_position_embeddings: 'max_seq_len',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    const attention = reader.nested('attn_config');
    const ffn = reader.nested('ffn_config');
    const intermediate_size = ffn.count('ffn_hidden_size', 3584);
    const llama = decoderTraits(reader, {
      intermediate_size,
      num_key_value_heads: attention.count('kv_n_heads', 1),
    });
    const size = { ...llama, intermediate_size, num_experts: ffn.count('moe_num_experts', 4) };
    // The order of the norm that weights are divided by; 1 makes them add up to 1.
    ffn.only('moe_normalize_expert_weights', 1);
    const isNormalized = ffn.has('moe_normalize_expert_weights');
    return {
      ...llama,
      // Transformers 5 writes rope_parameters too, with its own default.
      rope_theta: attention.number('rope_theta', llama.rope_theta),
      norm: 'layer-no-bias',
      norm_eps: 1e-5,
      qkv: 'concat',
      clip_qkv: attention.has('clip_qkv') ? attention.number('clip_qkv') : undefined,
      names: NAMES,
      feedForward: () =>
        new SparseMoe({
          num_experts: size.num_experts,
          router: new Router(llama.hidden_size, size.num_experts),
          route: topExperts({ k: ffn.count('moe_top_k', 1), normalize: isNormalized }),
          experts: new DbrxExperts({ ...size, activation: llama.activation! }),
          names: NAMES,
        }),
    };
  }
}

/** All experts in three matrices [E·I, D]: gate, up, and down, which is used as it is stored. */
class DbrxExperts extends Experts {
  readonly w1: Parameter;
  readonly v1: Parameter;
  readonly w2: Parameter;

  constructor(private readonly size: ExpertSize) {
    super();
    const shape = [size.num_experts * size.intermediate_size, size.hidden_size];
    this.w1 = new Parameter(shape);
    this.v1 = new Parameter(shape);
    this.w2 = new Parameter(shape);
  }

  forward(scope: Scope, { rows, sizes }: Dispatched): Tensor {
    const { num_experts, intermediate_size: width, activation } = this.size;
    const [gates, ups, downs] = [this.w1, this.v1, this.w2].map((parameter) => {
      const all = scope.param(parameter);
      return Array.from({ length: num_experts }, (_, i) => slice(all, 0, i * width, (i + 1) * width));
    });
    const inner = mul(activation(groupedMatmul(rows, sizes, gates)), groupedMatmul(rows, sizes, ups));
    return groupedMatmul(inner, sizes, downs, true);
  }
}
