import type { Tensor } from 'swift-ts/graph';
import {
  ACTIVATIONS,
  DecoderLoader,
  decoderTraits,
  Experts,
  FeedForwardMixer,
  Linear,
  Mamba2Mixer,
  Module,
  PlainMlp,
  Router,
  SparseMoe,
  topExperts,
  type ConfigReader,
  type DecoderTraits,
  type Dispatched,
  type ExpertSize,
  type FeedForward,
  type LinearLike,
  type Mixer,
  type Scope,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { expertGroups } from './_mixture.js';
import { timeStepLimit } from './_state-space.js';

const NAMES = {
  model: 'backbone',
  embed_tokens: 'embeddings',
  input_layernorm: 'norm',
  self_attn: 'mixer',
  norm: 'norm_f',
};

/** Nemotron-H: each layer is a Mamba-2 layer, attention without positions, a feed-forward or a mixture of experts. */
@model({
  family: 'nemotron_h',
  summary: 'Nemotron-H: Mamba-2, attention, feed-forwards and experts, one of them in each layer',
  architectures: ['NemotronHForCausalLM'],
  model_types: ['nemotron_h'],
  template: 'nemotron_h',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj', 'in_proj', 'out_proj'],
  variants: {
    'nvidia-nemotron-3.5-lightning-30b-a3b-bf16': {
      hf: 'nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16',
      ms: 'nv-community/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16',
      size: '30B',
    },
    'nvidia-nemotron-3.5-lightning-30b-a3b-nvfp4': {
      hf: 'nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4',
      ms: 'nv-community/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4',
      size: '30B',
      codec: 'nvfp4',
    },
  },
})
export class NemotronH extends DecoderLoader implements ModelLoader {
  protected override readonly fields = { rms_norm_eps: 'layer_norm_epsilon' };

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('mamba_hidden_act', 'silu');
    const kinds = layerKinds(reader);
    const activation = ACTIVATIONS[reader.choice('mlp_hidden_act', Object.keys(ACTIVATIONS), 'relu2')];
    const layers = kinds.length;
    const traits = {
      // Configs of Transformers 5 have no number of layers beside their kinds.
      ...decoderTraits(reader.with({ num_hidden_layers: layers }), { head_dim: 128, norm_eps: 1e-5 }),
      activation,
    };
    const mixerOf: Readonly<Record<string, () => Mixer | undefined>> = {
      M: () => new Mamba2Mixer(mambaTraits(reader, traits)),
      '*': () => undefined,
      '-': () => new FeedForwardMixer(new PlainMlp({ ...traits, activation, bias: traits.bias.mlp })),
      E: () => new FeedForwardMixer(experts(reader, { ...traits, activation })),
    };
    return {
      ...traits,
      placement: 'mixer',
      layer: () => ({ rope: null }),
      mixer: (layer) => mixerOf[kinds[layer]](),
      names: NAMES,
    };
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  mamba: 'M',
  linear_attention: 'M',
  attention: '*',
  full_attention: '*',
  mlp: '-',
  moe: 'E',
};

/** One letter per layer: of `hybrid_override_pattern`, or for the words that newer configs have. */
function layerKinds(reader: ConfigReader): string {
  const words = reader.get('layers_block_type') as readonly string[] | undefined;
  const pattern =
    words?.map((word) => LETTERS[word] ?? '?').join('') ?? reader.get('hybrid_override_pattern');
  if (typeof pattern === 'string' && /^[M*E-]+$/.test(pattern)) return pattern;
  throw reader.error(
    words ? 'layers_block_type' : 'hybrid_override_pattern',
    'one kind of layer after another',
  );
}

function mambaTraits(
  reader: ConfigReader,
  { hidden_size, norm_eps }: DecoderTraits,
): ConstructorParameters<typeof Mamba2Mixer>[0] {
  const num_heads = reader.count('mamba_num_heads', 128);
  const head_dim = reader.count('mamba_head_dim', 64);
  return {
    hidden_size,
    num_heads,
    head_dim,
    intermediate_size: num_heads * head_dim,
    state_size: reader.count('ssm_state_size', 128),
    n_groups: reader.count('n_groups', 8),
    conv_kernel: reader.count('conv_kernel', 4),
    use_bias: reader.flag('use_bias'),
    use_conv_bias: reader.flag('use_conv_bias', true),
    norm_eps,
    time_step_limit: timeStepLimit(reader),
  };
}

/** @throws ConfigError where experts work in a narrower space */
function experts(
  reader: ConfigReader,
  traits: { readonly hidden_size: number; readonly activation: (x: Tensor) => Tensor },
): FeedForward {
  if (reader.has('moe_latent_size')) throw reader.error('moe_latent_size', 'experts as wide as the model');
  const num_experts = reader.count('n_routed_experts', 8);
  const router = new Router(traits.hidden_size, num_experts, { corrected: true });
  const { hidden_size, activation } = traits;
  const shared = reader.count('moe_shared_expert_intermediate_size', 7688);
  return new SparseMoe({
    num_experts,
    router,
    route: topExperts({
      k: reader.count('num_experts_per_tok', 2),
      score: 'sigmoid',
      normalize: reader.flag('norm_topk_prob', true),
      scale: reader.number('routed_scaling_factor', 1),
      groups: expertGroups(reader, 'best-two'),
      correction: router.e_score_correction_bias,
    }),
    experts: new PlainExperts({
      num_experts,
      hidden_size,
      activation,
      intermediate_size: reader.count('moe_intermediate_size', 7688),
    }),
    shared: new PlainMlp({ hidden_size, activation, intermediate_size: shared }),
  });
}

class PlainExpert extends Module {
  up_proj: LinearLike;
  down_proj: LinearLike;

  constructor({ hidden_size, intermediate_size }: ExpertSize) {
    super();
    this.up_proj = new Linear(hidden_size, intermediate_size);
    this.down_proj = new Linear(intermediate_size, hidden_size);
  }
}

/** Experts without a gate: `experts.0.up_proj`, … */
class PlainExperts extends Experts {
  override names = { list: '' };
  readonly list: readonly PlainExpert[];

  constructor(private readonly size: ExpertSize) {
    super();
    this.list = Array.from({ length: size.num_experts }, () => new PlainExpert(size));
  }

  forward(scope: Scope, { rows, sizes }: Dispatched): Tensor {
    const each = (x: Tensor, which: 'up_proj' | 'down_proj'): Tensor => {
      const linears = this.list.map((expert) => expert[which]);
      return linears[0].forwardGroup(scope, x, sizes, linears);
    };
    return each(this.size.activation(each(rows, 'up_proj')), 'down_proj');
  }
}
