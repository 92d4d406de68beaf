import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { hunyuanTraits } from './_hunyuan.js';
import { mixture } from './_mixture.js';
import { CHINESE } from './_gguf/chinese.js';

/** Hunyuan-A13B: norms of queries and keys that have turned, experts. */
@model({
  family: 'hunyuan',
  summary: 'Hunyuan-A13B: norms of queries and keys that have turned, experts',
  architectures: ['HunYuanMoEV1ForCausalLM'],
  model_types: ['hunyuan_v1_moe'],
  gguf: { 'hunyuan-moe': CHINESE['hunyuan-moe'] },
  template: 'hunyuan_moe',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'hunyuan-a13b-instruct': {
      hf: 'tencent/Hunyuan-A13B-Instruct',
      ms: 'Tencent-Hunyuan/Hunyuan-A13B-Instruct',
    },
  },
})
export class HunyuanMoe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const dense = hunyuanTraits(reader);
    const traits = { ...dense, names: { ...dense.names, gate: 'gate.wg', shared_experts: 'shared_mlp' } };
    const { intermediate_size } = traits;
    return {
      ...traits,
      feedForward: (layer) =>
        mixture(traits, {
          num_experts: reader.count('num_experts'),
          intermediate_size,
          shared: intermediate_size,
          route: { k: chosen(reader, layer), normalize: true },
        }),
    };
  }
}

/** Experts per token, in published configs a list with one number per layer. */
function chosen(reader: ConfigReader, layer: number): number {
  return Array.isArray(reader.get('moe_topk'))
    ? reader.numbers('moe_topk')[layer]
    : reader.count('moe_topk', 1);
}
