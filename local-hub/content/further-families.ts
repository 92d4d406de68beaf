/** Checkpoints of other kinds of architecture, in small: experts, latent attention, state spaces, windows, learned positions. */
import {
  LLAMA3_TOKENIZER,
  LLAMA_CONFIG,
  PLAIN_TOKENIZER,
  type ServedModel,
  type TokenizerShape,
} from './families.js';

const SMALL = { hidden_size: 64, num_hidden_layers: 2 };
const HEADS = { num_attention_heads: 4, num_key_value_heads: 2 };

const GEMMA_CHAT =
  "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" +
  "{% for message in messages %}{% if message['role'] == 'assistant' %}{% set role = 'model' %}{% else %}" +
  "{% set role = message['role'] %}{% endif %}" +
  "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}";

const DEEPSEEK_CHAT =
  "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}" +
  "{{ 'User: ' + message['content'] + '\\n\\n' }}{% elif message['role'] == 'assistant' %}" +
  "{{ 'Assistant: ' + message['content'] + eos_token }}{% elif message['role'] == 'system' %}" +
  "{{ message['content'] + '\\n\\n' }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

export const GEMMA_TOKENIZER: TokenizerShape = {
  ...PLAIN_TOKENIZER,
  special: ['<pad>', '<eos>', '<bos>', '<start_of_turn>', '<end_of_turn>'],
  bos: '<bos>',
  eos: '<eos>',
  pad: '<pad>',
  stops: ['<end_of_turn>'],
  chat_template: GEMMA_CHAT,
};

const DEEPSEEK_TOKENIZER: TokenizerShape = {
  ...PLAIN_TOKENIZER,
  special: ['<｜begin▁of▁sentence｜>', '<｜end▁of▁sentence｜>'],
  bos: '<｜begin▁of▁sentence｜>',
  eos: '<｜end▁of▁sentence｜>',
  pad: '<｜end▁of▁sentence｜>',
  addsBos: true,
  chat_template: DEEPSEEK_CHAT,
};

const MISTRAL_TOKENIZER: TokenizerShape = {
  ...PLAIN_TOKENIZER,
  special: ['<s>', '</s>'],
  bos: '<s>',
  eos: '</s>',
  pad: '</s>',
  addsBos: true,
};

const GPT_OSS_TOKENIZER: TokenizerShape = {
  ...PLAIN_TOKENIZER,
  special: [
    '<|startoftext|>',
    '<|endoftext|>',
    '<|return|>',
    '<|start|>',
    '<|end|>',
    '<|message|>',
    '<|channel|>',
  ],
  eos: '<|return|>',
  stops: ['<|endoftext|>'],
};

export const GEMMA2_CONFIG = {
  ...SMALL,
  ...HEADS,
  architectures: ['Gemma2ForCausalLM'],
  model_type: 'gemma2',
  intermediate_size: 160,
  head_dim: 16,
  query_pre_attn_scalar: 16,
  sliding_window: 64,
  attn_logit_softcapping: 50,
  final_logit_softcapping: 30,
  max_position_embeddings: 8192,
  hidden_act: 'gelu_pytorch_tanh',
  hidden_activation: 'gelu_pytorch_tanh',
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
};

export const FURTHER_MODELS: readonly ServedModel[] = [
  {
    id: 'gemma2-2b-instruct',
    dtype: 'BF16',
    tokenizer: GEMMA_TOKENIZER,
    config: GEMMA2_CONFIG,
  },
  {
    id: 'mixtral-moe-7b-instruct',
    dtype: 'BF16',
    maxShardBytes: 200_000,
    tokenizer: MISTRAL_TOKENIZER,
    config: {
      ...SMALL,
      ...HEADS,
      architectures: ['MixtralForCausalLM'],
      model_type: 'mixtral',
      intermediate_size: 96,
      num_local_experts: 4,
      num_experts_per_tok: 2,
      sliding_window: null,
      hidden_act: 'silu',
      rms_norm_eps: 1e-5,
      rope_theta: 1_000_000,
      max_position_embeddings: 32_768,
      tie_word_embeddings: false,
    },
  },
  {
    id: 'deepseek-v2-lite-chat',
    dtype: 'BF16',
    tokenizer: DEEPSEEK_TOKENIZER,
    config: {
      ...SMALL,
      architectures: ['DeepseekV2ForCausalLM'],
      model_type: 'deepseek_v2',
      num_attention_heads: 4,
      num_key_value_heads: 4,
      intermediate_size: 160,
      q_lora_rank: null,
      kv_lora_rank: 32,
      qk_nope_head_dim: 16,
      qk_rope_head_dim: 8,
      v_head_dim: 16,
      n_routed_experts: 4,
      n_shared_experts: 1,
      num_experts_per_tok: 2,
      moe_intermediate_size: 48,
      first_k_dense_replace: 1,
      norm_topk_prob: false,
      topk_method: 'greedy',
      routed_scaling_factor: 1,
      hidden_act: 'silu',
      rms_norm_eps: 1e-6,
      rope_theta: 10_000,
      max_position_embeddings: 4096,
      tie_word_embeddings: false,
    },
  },
  {
    id: 'mamba-130m',
    dtype: 'F32',
    tokenizer: PLAIN_TOKENIZER,
    config: {
      ...SMALL,
      architectures: ['MambaForCausalLM'],
      model_type: 'mamba',
      state_size: 8,
      intermediate_size: 128,
      expand: 2,
      conv_kernel: 4,
      time_step_rank: 4,
      use_conv_bias: true,
      use_bias: false,
      hidden_act: 'silu',
      layer_norm_epsilon: 1e-5,
      residual_in_fp32: true,
    },
  },
  {
    id: 'gpt-oss-20b',
    dtype: 'BF16',
    tokenizer: GPT_OSS_TOKENIZER,
    config: {
      ...SMALL,
      ...HEADS,
      architectures: ['GptOssForCausalLM'],
      model_type: 'gpt_oss',
      intermediate_size: 64,
      head_dim: 16,
      num_local_experts: 4,
      num_experts_per_tok: 2,
      sliding_window: 32,
      attention_bias: true,
      hidden_act: 'silu',
      rms_norm_eps: 1e-5,
      rope_theta: 150_000,
      max_position_embeddings: 131_072,
      tie_word_embeddings: false,
    },
  },
  {
    id: 'polylm-13b',
    dtype: 'F16',
    tokenizer: PLAIN_TOKENIZER,
    config: {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      n_embd: 64,
      n_layer: 2,
      n_head: 4,
      n_positions: 2048,
      activation_function: 'gelu_new',
      layer_norm_epsilon: 1e-5,
    },
  },
  {
    id: 'llama3-8b-instruct',
    dtype: 'BF16',
    config: {
      ...LLAMA_CONFIG,
      max_position_embeddings: 8192,
      rope_theta: 500_000,
      tie_word_embeddings: false,
    },
    tokenizer: LLAMA3_TOKENIZER,
  },
];
