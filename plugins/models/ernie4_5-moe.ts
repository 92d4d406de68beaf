import { DecoderLoader, Parameter, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { ernieTraits } from './_ernie.js';
import { mixture } from './_mixture.js';
import { ERNIES } from './_gguf/ernie.js';

const NAMES = { e_score_correction_bias: 'moe_statics.e_score_correction_bias' };

/** ERNIE 4.5 with experts. */
@model({
  family: 'ernie4_5_moe',
  summary: 'ERNIE 4.5 with experts',
  architectures: ['Ernie4_5_MoeForCausalLM'],
  model_types: ['ernie4_5_moe'],
  gguf: { 'ernie4_5-moe': ERNIES['ernie4_5-moe'] },
  template: 'ernie',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'ernie-4.5-21b-a3b-base-pt': {
      hf: 'baidu/ERNIE-4.5-21B-A3B-Base-PT',
      ms: 'PaddlePaddle/ERNIE-4.5-21B-A3B-Base-PT',
      size: '21B',
    },
    'ernie-4.5-21b-a3b-pt': {
      hf: 'baidu/ERNIE-4.5-21B-A3B-PT',
      ms: 'PaddlePaddle/ERNIE-4.5-21B-A3B-PT',
      size: '21B',
    },
    'ernie-4.5-300b-a47b-base-pt': {
      hf: 'baidu/ERNIE-4.5-300B-A47B-Base-PT',
      ms: 'PaddlePaddle/ERNIE-4.5-300B-A47B-Base-PT',
      size: '300B',
    },
    'ernie-4.5-300b-a47b-pt': {
      hf: 'baidu/ERNIE-4.5-300B-A47B-PT',
      ms: 'PaddlePaddle/ERNIE-4.5-300B-A47B-PT',
      size: '300B',
    },
    'ernie-4.5-21b-a3b-thinking': {
      hf: 'baidu/ERNIE-4.5-21B-A3B-Thinking',
      ms: 'PaddlePaddle/ERNIE-4.5-21B-A3B-Thinking',
      template: 'ernie_thinking',
      size: '21B',
    },
  },
})
export class Ernie45Moe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    // A floor under the sum that weights are divided by; a large one would do more than keep from dividing by 0.
    if (reader.number('moe_norm_min', 1e-12) > 1e-6) throw reader.error('moe_norm_min', 'next to 0');
    const traits = { ...ernieTraits(reader, { num_key_value_heads: 4 }), names: NAMES };
    const num_experts = reader.count('moe_num_experts', 64);
    const intermediate_size = reader.count('moe_intermediate_size', 1536);
    const isSparse = sparseLayers(reader, traits.num_hidden_layers);
    return {
      ...traits,
      logits: { bias: traits.bias.o },
      feedForward: (layer) =>
        isSparse(layer)
          ? mixture(traits, {
              num_experts,
              intermediate_size,
              correction: new Parameter([1, num_experts]),
              shared: intermediate_size * reader.number('moe_num_shared_experts', 2),
              route: { k: reader.count('moe_k', 6), normalize: true },
            })
          : undefined,
    };
  }
}

/** Every `moe_layer_interval`th, within bounds. */
function sparseLayers(reader: ConfigReader, layers: number): (layer: number) => boolean {
  const step = reader.count('moe_layer_interval', 1);
  const first = reader.number('moe_layer_start_index', 1);
  const end = reader.number('moe_layer_end_index', -1);
  const last = end === -1 ? layers - 1 : end;
  return (layer) => (layer + 1) % step === 0 && layer >= first && layer <= last;
}
