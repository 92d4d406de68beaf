import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { CHINESE } from './_gguf/chinese.js';

/** Of the two branches of the feed-forward, `w2` is the activated one. */
const NAMES = {
  model: 'transformer',
  embed_tokens: 'wte',
  layers: 'h',
  norm: 'ln_f',
  input_layernorm: 'ln_1',
  self_attn: 'attn',
  qkv_proj: 'c_attn',
  o_proj: 'c_proj',
  post_attention_layernorm: 'ln_2',
  gate_proj: 'w2',
  up_proj: 'w1',
  down_proj: 'c_proj',
};

/** The first Qwen, and models built on it. */
@model({
  family: 'qwen',
  summary: 'The first Qwen, and models built on it',
  architectures: ['QWenLMHeadModel'],
  model_types: ['qwen'],
  gguf: { qwen: CHINESE.qwen },
  template: 'qwen',
  lora_target_modules: ['c_attn'],
  variants: {
    'qwen-7b': { hf: 'Qwen/Qwen-7B', ms: 'qwen/Qwen-7B', template: 'default-generation', size: '7B' },
    'qwen-14b': { hf: 'Qwen/Qwen-14B', ms: 'qwen/Qwen-14B', template: 'default-generation', size: '14B' },
    'tongyi-finance-14b': {
      ms: 'TongyiFinance/Tongyi-Finance-14B',
      template: 'default-generation',
      size: '14B',
    },
    'qwen-72b': { hf: 'Qwen/Qwen-72B', ms: 'qwen/Qwen-72B', template: 'default-generation', size: '72B' },
    'qwen-1_8b': { hf: 'Qwen/Qwen-1_8B', ms: 'qwen/Qwen-1_8B', template: 'default-generation', size: '1.8B' },
    'codefuse-qwen-14b-chat': {
      hf: 'codefuse-ai/CodeFuse-QWen-14B',
      ms: 'codefuse-ai/CodeFuse-QWen-14B',
      template: 'codefuse',
      size: '14B',
    },
    'modelscope-agent-14b': { ms: 'iic/ModelScope-Agent-14B', template: 'modelscope-agent', size: '14B' },
    'modelscope-agent-7b': { ms: 'iic/ModelScope-Agent-7B', template: 'modelscope-agent', size: '7B' },
    'qwen-7b-chat': { hf: 'Qwen/Qwen-7B-Chat', ms: 'qwen/Qwen-7B-Chat', size: '7B' },
    'qwen-14b-chat': { hf: 'Qwen/Qwen-14B-Chat', ms: 'qwen/Qwen-14B-Chat', size: '14B' },
    'tongyi-finance-14b-chat': {
      hf: 'jxy/Tongyi-Finance-14B-Chat',
      ms: 'TongyiFinance/Tongyi-Finance-14B-Chat',
      size: '14B',
    },
    'qwen-72b-chat': { hf: 'Qwen/Qwen-72B-Chat', ms: 'qwen/Qwen-72B-Chat', size: '72B' },
    'qwen-1_8b-chat': { hf: 'Qwen/Qwen-1_8B-Chat', ms: 'qwen/Qwen-1_8B-Chat', size: '1.8B' },
    'qwen-7b-chat-int4': {
      hf: 'Qwen/Qwen-7B-Chat-Int4',
      ms: 'qwen/Qwen-7B-Chat-Int4',
      size: '7B',
      codec: 'gptq',
    },
    'qwen-14b-chat-int4': {
      hf: 'Qwen/Qwen-14B-Chat-Int4',
      ms: 'qwen/Qwen-14B-Chat-Int4',
      size: '14B',
      codec: 'gptq',
    },
    'qwen-7b-chat-int8': {
      hf: 'Qwen/Qwen-7B-Chat-Int8',
      ms: 'qwen/Qwen-7B-Chat-Int8',
      size: '7B',
      codec: 'gptq',
    },
    'qwen-14b-chat-int8': {
      hf: 'Qwen/Qwen-14B-Chat-Int8',
      ms: 'qwen/Qwen-14B-Chat-Int8',
      size: '14B',
      codec: 'gptq',
    },
    'tongyi-finance-14b-chat-int4': {
      hf: 'jxy/Tongyi-Finance-14B-Chat-Int4',
      ms: 'TongyiFinance/Tongyi-Finance-14B-Chat-Int4',
      size: '14B',
      codec: 'gptq',
    },
    'qwen-72b-chat-int4': {
      hf: 'Qwen/Qwen-72B-Chat-Int4',
      ms: 'qwen/Qwen-72B-Chat-Int4',
      size: '72B',
      codec: 'gptq',
    },
    'qwen-72b-chat-int8': {
      hf: 'Qwen/Qwen-72B-Chat-Int8',
      ms: 'qwen/Qwen-72B-Chat-Int8',
      size: '72B',
      codec: 'gptq',
    },
    'qwen-1_8b-chat-int4': {
      hf: 'Qwen/Qwen-1_8B-Chat-Int4',
      ms: 'qwen/Qwen-1_8B-Chat-Int4',
      size: '1.8B',
      codec: 'gptq',
    },
    'qwen-1_8b-chat-int8': {
      hf: 'Qwen/Qwen-1_8B-Chat-Int8',
      ms: 'qwen/Qwen-1_8B-Chat-Int8',
      size: '1.8B',
      codec: 'gptq',
    },
  },
})
export class Qwen extends DecoderLoader implements ModelLoader {
  /** Beyond `seq_length` its own code scales positions and queries while it generates; here that length is the limit. */
  protected override readonly fields = {
    head_dim: 'kv_channels',
    max_position_embeddings: 'seq_length',
    rms_norm_eps: 'layer_norm_epsilon',
    rope_theta: 'rotary_emb_base',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('no_bias', true);
    reader.only('rotary_pct', 1);
    const traits = decoderTraits(reader);
    return {
      ...traits,
      // Its config counts both branches of the feed-forward.
      intermediate_size: traits.intermediate_size / 2,
      bias: { qkv: true, o: false, mlp: false },
      qkv: 'concat',
      names: NAMES,
    };
  }
}
