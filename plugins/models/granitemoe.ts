import { groupedMatmul, mul, slice, type Tensor } from 'swift-ts/graph';
import {
  DecoderLoader,
  Experts,
  FusedMlp,
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
import { graniteTraits } from './_granite.js';
import { unstack } from './_stacked.js';
import { SCALED } from './_gguf/scaled.js';

/** The mixture is two modules of a layer: the experts with their router, and the one that sees every token. */
const NAMES = {
  mlp: '',
  gate: 'block_sparse_moe.router.layer',
  experts: 'block_sparse_moe',
  shared_experts: 'shared_mlp',
  gate_up_proj: 'input_linear',
  down_proj: 'output_linear',
};

/** PowerMoE and Granite 3 of IBM with experts. */
@model({
  family: 'granitemoe',
  summary: 'PowerMoE and Granite 3 of IBM with experts',
  architectures: ['GraniteMoeForCausalLM', 'GraniteMoeSharedForCausalLM'],
  model_types: ['granitemoe', 'granitemoeshared'],
  gguf: { granitemoe: SCALED.granitemoe },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'powermoe-3b': { hf: 'ibm-research/PowerMoE-3b', size: '3B' },
    'granite-3.0-1b-a400m-base': { hf: 'ibm-granite/granite-3.0-1b-a400m-base', size: '1B' },
    'granite-3.0-3b-a800m-base': { hf: 'ibm-granite/granite-3.0-3b-a800m-base', size: '3B' },
    'granite-3.1-1b-a400m-base': { hf: 'ibm-granite/granite-3.1-1b-a400m-base', size: '1B' },
    'granite-3.1-3b-a800m-base': { hf: 'ibm-granite/granite-3.1-3b-a800m-base', size: '3B' },
  },
})
export class GraniteMoe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = { ...graniteTraits(reader), names: NAMES };
    const num_experts = reader.count('num_local_experts', 8);
    const shared = reader.number('shared_intermediate_size', 0);
    const size = { ...traits, num_experts, activation: traits.activation!, bias: false };
    return {
      ...traits,
      feedForward: () =>
        new SparseMoe({
          num_experts,
          router: new Router(traits.hidden_size, num_experts),
          // Transformers takes the softmax of the chosen logits only, which is the same.
          route: topExperts({ k: reader.count('num_experts_per_tok', 2), normalize: true }),
          experts: new GraniteExperts(size),
          shared: shared > 0 ? new FusedMlp({ ...size, intermediate_size: shared }) : undefined,
          names: NAMES,
        }),
    };
  }
}

/** All experts in two stacks [E, out, in]; gate and up are one, gate first. */
class GraniteExperts extends Experts {
  override names = { input_linear: 'input_linear.weight', output_linear: 'output_linear.weight' };
  readonly input_linear: Parameter;
  readonly output_linear: Parameter;

  constructor(private readonly size: ExpertSize) {
    super();
    const { num_experts, hidden_size, intermediate_size } = size;
    this.input_linear = new Parameter([num_experts, 2 * intermediate_size, hidden_size]);
    this.output_linear = new Parameter([num_experts, hidden_size, intermediate_size]);
  }

  forward(scope: Scope, { rows, sizes }: Dispatched): Tensor {
    const { intermediate_size: width, activation } = this.size;
    const both = groupedMatmul(rows, sizes, unstack(scope.param(this.input_linear)));
    const inner = mul(activation(slice(both, -1, 0, width)), slice(both, -1, width, 2 * width));
    return groupedMatmul(inner, sizes, unstack(scope.param(this.output_linear)));
  }
}
