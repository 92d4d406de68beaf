import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { gptOssTraits } from './_gpt-oss.js';
import { GPT_OSS } from './_gguf/gpt-oss.js';

/** gpt-oss: attention with sinks, every other layer windowed. */
@model({
  family: 'gpt_oss',
  summary: 'gpt-oss: attention with sinks, every other layer windowed',
  architectures: ['GptOssForCausalLM'],
  model_types: ['gpt_oss'],
  gguf: { 'gpt-oss': GPT_OSS['gpt-oss'] },
  template: 'gpt_oss',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'gpt-oss-20b': { hf: 'openai/gpt-oss-20b', ms: 'openai-mirror/gpt-oss-20b', size: '20B', codec: 'mxfp4' },
    'gpt-oss-120b': {
      hf: 'openai/gpt-oss-120b',
      ms: 'openai-mirror/gpt-oss-120b',
      size: '120B',
      codec: 'mxfp4',
    },
  },
})
export class GptOss extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return gptOssTraits(reader);
  }
}
