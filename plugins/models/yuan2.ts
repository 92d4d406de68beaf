import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { YuanAttention } from './_yuan-attention.js';

/** Of the two branches of the feed-forward, `up_proj` is the activated one. */
const NAMES = { gate_proj: 'up_proj', up_proj: 'gate_proj' };

/** Yuan 2.0 of IEIT: attention with localized filtering. */
@model({
  family: 'yuan2',
  summary: 'Yuan 2.0 of IEIT: attention with localized filtering',
  architectures: ['YuanForCausalLM'],
  model_types: ['yuan'],
  template: 'yuan',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'yuan2-m32': { hf: 'IEITYuan/Yuan2-M32-hf', ms: 'YuanLLM/Yuan2-M32-hf' },
    'yuan2-2b-janus-instruct': {
      hf: 'IEITYuan/Yuan2-2B-Janus-hf',
      ms: 'YuanLLM/Yuan2-2B-Janus-hf',
      size: '2B',
    },
    'yuan2-102b-instruct': { hf: 'IEITYuan/Yuan2-102B-hf', ms: 'YuanLLM/Yuan2.0-102B-hf', size: '102B' },
    'yuan2-51b-instruct': { hf: 'IEITYuan/Yuan2-51B-hf', ms: 'YuanLLM/Yuan2.0-51B-hf', size: '51B' },
    'yuan2-2b-instruct': { hf: 'IEITYuan/Yuan2-2B-hf', ms: 'YuanLLM/Yuan2.0-2B-hf', size: '2B' },
  },
})
export class Yuan2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const mixture = reader.nested('moe_config');
    if (mixture.number('moe_num_experts', 0) > 0)
      throw mixture.error('moe_num_experts', '0: mixtures of experts of Yuan are not built');
    reader.only('use_shareqk', false);
    const plain = decoderTraits(reader);
    const width = reader.count('attention_projection_size', plain.hidden_size);
    const traits = { ...plain, head_dim: width / plain.num_attention_heads };
    return {
      ...traits,
      rotary_dims: plain.head_dim,
      mixer: () => new YuanAttention(traits),
      names: NAMES,
    };
  }
}
