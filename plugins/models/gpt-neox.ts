import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { GPTS } from './_gguf/gpt.js';

const NAMES = {
  model: 'gpt_neox',
  embed_tokens: 'embed_in',
  self_attn: 'attention',
  qkv_proj: 'query_key_value',
  o_proj: 'dense',
  up_proj: 'dense_h_to_4h',
  down_proj: 'dense_4h_to_h',
  norm: 'final_layer_norm',
  lm_head: 'embed_out',
};

/** GPT-NeoX and Pythia: parallel branches with norms of their own. */
@model({
  family: 'gpt_neox',
  summary: 'GPT-NeoX and Pythia: parallel branches with norms of their own',
  architectures: ['GPTNeoXForCausalLM'],
  model_types: ['gpt_neox'],
  gguf: { gptneox: GPTS.gptneox },
  template: 'default-generation',
  lora_target_modules: ['query_key_value'],
  variants: {
    'pythia-70m': { hf: 'EleutherAI/pythia-70m', size: '70M' },
    'pythia-160m': { hf: 'EleutherAI/pythia-160m', size: '160M' },
    'pythia-410m': { hf: 'EleutherAI/pythia-410m', size: '410M' },
    'pythia-1b': { hf: 'EleutherAI/pythia-1b', size: '1B' },
    'pythia-1.4b': { hf: 'EleutherAI/pythia-1.4b', size: '1.4B' },
    'pythia-2.8b': { hf: 'EleutherAI/pythia-2.8b', size: '2.8B' },
    'pythia-6.9b': { hf: 'EleutherAI/pythia-6.9b', size: '6.9B' },
    'pythia-12b': { hf: 'EleutherAI/pythia-12b', size: '12B' },
    'gpt-neox-20b': { hf: 'EleutherAI/gpt-neox-20b', size: '20B' },
  },
})
export class GptNeoX extends DecoderLoader implements ModelLoader {
  protected override readonly fields = {
    rms_norm_eps: 'layer_norm_eps',
    partial_rotary_factor: 'rotary_pct',
    rope_theta: 'rotary_emb_base',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    const bias = reader.flag('attention_bias', true);
    return {
      ...decoderTraits(reader, { norm_eps: 1e-5, partial_rotary_factor: 0.25, activation: 'gelu' }),
      bias: { qkv: bias, o: bias, mlp: true },
      norm: 'layer',
      placement: reader.flag('use_parallel_residual', true) ? 'parallel-two' : 'pre',
      qkv: 'grouped',
      mlp: 'plain',
      names: NAMES,
    };
  }
}
