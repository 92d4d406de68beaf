import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { LLAMAS } from './_gguf/llama.js';

/** Seed-OSS of ByteDance. */
@model({
  family: 'seed_oss',
  summary: 'Seed-OSS of ByteDance',
  architectures: ['SeedOssForCausalLM'],
  model_types: ['seed_oss'],
  gguf: { seed_oss: LLAMAS.seed_oss },
  template: 'seed_oss',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'seed-oss-36b-instruct': {
      hf: 'ByteDance-Seed/Seed-OSS-36B-Instruct',
      ms: 'ByteDance-Seed/Seed-OSS-36B-Instruct',
      size: '36B',
    },
    'seed-oss-36b-base': {
      hf: 'ByteDance-Seed/Seed-OSS-36B-Base',
      ms: 'ByteDance-Seed/Seed-OSS-36B-Base',
      size: '36B',
    },
    'seed-oss-36b-base-wosyn': {
      hf: 'ByteDance-Seed/Seed-OSS-36B-Base-woSyn',
      ms: 'ByteDance-Seed/Seed-OSS-36B-Base-woSyn',
      size: '36B',
    },
  },
})
export class SeedOss extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return {
      ...decoderTraits(reader, { head_dim: 128, max_position_embeddings: 524_288 }),
      bias: {
        qkv: reader.flag('attention_bias', true),
        o: reader.flag('attention_out_bias'),
        mlp: reader.flag('mlp_bias'),
      },
    };
  }
}
