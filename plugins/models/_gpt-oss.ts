import {
  add,
  clamp,
  gather,
  groupedMatmul,
  mul,
  reshape,
  scalar,
  sigmoid,
  slice,
  type Tensor,
} from 'swift-ts/graph';
import {
  decoderTraits,
  Experts,
  Parameter,
  Router,
  slidingLayers,
  SparseMoe,
  topExperts,
  type ConfigReader,
  type DecoderTraits,
  type Dispatched,
  type Scope,
} from 'swift-ts/nn';
import { unstack } from './_stacked.js';

/** What a config that says nothing about rotary positions means. */
const YARN = {
  rope_type: 'yarn',
  factor: 32,
  beta_fast: 32,
  beta_slow: 1,
  truncate: false,
  original_max_position_embeddings: 4096,
};

/** GPT-OSS: learned sinks, windows in every other layer, stacked experts with biases. */
export function gptOssTraits(reader: ConfigReader): DecoderTraits {
  const stretched = reader.has('rope_scaling') || reader.has('rope_parameters');
  const llama = decoderTraits(stretched ? reader : reader.with({ rope_scaling: YARN }), {
    norm_eps: 1e-5,
    rope_theta: 150_000,
    head_dim: 64,
    num_key_value_heads: 8,
  });
  const { hidden_size, intermediate_size } = llama;
  const num_experts = reader.count('num_local_experts', 128);
  const window = reader.count('sliding_window', 128);
  const slides = slidingLayers(reader, (layer) => layer % 2 === 0);
  return {
    ...llama,
    bias: { qkv: reader.flag('attention_bias', true), o: reader.flag('attention_bias', true), mlp: false },
    sinks: true,
    layer: (layer) => (slides(layer) ? { window } : {}),
    names: { gate: 'router' },
    feedForward: () =>
      new SparseMoe({
        num_experts,
        router: new Router(hidden_size, num_experts, { bias: true }),
        route: topExperts({ k: reader.count('num_experts_per_tok', 4), normalize: true }),
        experts: new GptOssExperts({
          num_experts,
          hidden_size,
          intermediate_size,
          alpha: reader.number('swiglu_alpha', 1.702),
          limit: reader.number('swiglu_limit', 7),
        }),
        names: { gate: 'router' },
      }),
  };
}

interface StackedSize {
  readonly num_experts: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  /** Steepness of the gate, and the bound of gate and up. */
  readonly alpha: number;
  readonly limit: number;
}

/** All experts in stacks [E, in, out] with biases; gate and up are interleaved, and kept within bounds. */
class GptOssExperts extends Experts {
  readonly gate_up_proj: Parameter;
  readonly gate_up_proj_bias: Parameter;
  readonly down_proj: Parameter;
  readonly down_proj_bias: Parameter;

  constructor(private readonly size: StackedSize) {
    super();
    const { num_experts, hidden_size, intermediate_size } = size;
    this.gate_up_proj = new Parameter([num_experts, hidden_size, 2 * intermediate_size]);
    this.gate_up_proj_bias = new Parameter([num_experts, 2 * intermediate_size]);
    this.down_proj = new Parameter([num_experts, intermediate_size, hidden_size]);
    this.down_proj_bias = new Parameter([num_experts, hidden_size]);
  }

  forward(scope: Scope, { rows, sizes, experts }: Dispatched): Tensor {
    const layer = (x: Tensor, weight: Parameter, bias: Parameter): Tensor =>
      add(groupedMatmul(x, sizes, unstack(scope.param(weight)), true), gather(scope.param(bias), experts));
    const both = layer(rows, this.gate_up_proj, this.gate_up_proj_bias);
    const [count, width] = both.shape;
    const pairs = reshape(both, [count, width / 2, 2]);
    const part = (i: number): Tensor => reshape(slice(pairs, 2, i, i + 1), [count, width / 2]);
    const { alpha, limit } = this.size;
    const gate = clamp(part(0), -Infinity, limit);
    const up = clamp(part(1), -limit, limit);
    const bent = mul(gate, sigmoid(mul(scalar(alpha), gate)));
    return layer(mul(add(up, scalar(1)), bent), this.down_proj, this.down_proj_bias);
  }
}
