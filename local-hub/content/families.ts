/** The published checkpoints whose ids the local hub serves, in small. */
import type { FileDtype } from '../../core/io/dtypes.js';
import { QUANTIZATION, type Layout } from './quantized.js';

export interface ServedModel {
  /** Registered id. */
  readonly id: string;
  /** config.json but for `vocab_size` and token ids. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly dtype: FileDtype;
  /** How the blocks' linear layers are stored; absent: whole. */
  readonly layout?: Layout;
  /** Splits the weights into shards of at most so many bytes. */
  readonly maxShardBytes?: number;
  readonly tokenizer: TokenizerShape;
  /** Fields of config.json that name tokens, by the token that each has the id of. */
  readonly tokenFields?: Readonly<Record<string, string>>;
  /** What the published files call a tensor of the model. */
  readonly storedName?: (name: string) => string;
  /** Sizes of layers behind the pooling, [in, out], each in a folder of its own. */
  readonly dense?: readonly (readonly [number, number])[];
  /** Further files of JSON beside the weights. */
  readonly beside?: Readonly<Record<string, object>>;
  /** preprocessor_config.json. */
  readonly images?: Readonly<Record<string, unknown>>;
}

/** What a family's tokenizer has beside its byte-level vocabulary. */
export interface TokenizerShape {
  readonly special: readonly string[];
  readonly bos?: string;
  readonly eos: string;
  readonly pad: string;
  /** Further tokens that end an answer. */
  readonly stops: readonly string[];
  /** Whether encoding puts `bos` first. */
  readonly addsBos: boolean;
  /** What a text of a BERT-like model stands between; it has no `bos` then, and no end of its own. */
  readonly between?: { readonly cls: string; readonly sep: string };
  readonly nfc: boolean;
  /** How text is cut before merging; null for GPT-2's own way with single digits. */
  readonly pattern: string | null;
  /** Base models bring none. */
  readonly chat_template?: string;
  readonly tokenizer_class: string;
}

export const SIZES = {
  hidden_act: 'silu',
  hidden_size: 64,
  intermediate_size: 160,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  tie_word_embeddings: true,
  use_cache: true,
};

export const QWEN_CONFIG = {
  ...SIZES,
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  max_position_embeddings: 32768,
  rms_norm_eps: 1e-6,
  rope_theta: 1_000_000,
  use_sliding_window: false,
};

export const LLAMA_CONFIG = {
  ...SIZES,
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  rms_norm_eps: 1e-5,
};

const cutDigits = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** ChatML as the Qwen and SmolLM checkpoints bring it: a default system turn where none is given. */
function chatml(system: string): string {
  return (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}" +
    `{{ '<|im_start|>system\\n${system}<|im_end|>\\n' }}{% endif %}` +
    "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}" +
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
  );
}

const LLAMA_CHAT =
  "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] | trim %}" +
  "{% set messages = messages[1:] %}{% else %}{% set system = '' %}{% endif %}" +
  "{{ '<|start_header_id|>system<|end_header_id|>\\n\\nCutting Knowledge Date: December 2023\\n" +
  "Today Date: 26 Jul 2024\\n\\n' + system + '<|eot_id|>' }}{% for message in messages %}" +
  "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

export const QWEN_TOKENIZER: TokenizerShape = {
  special: ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
  eos: '<|im_end|>',
  pad: '<|endoftext|>',
  stops: ['<|endoftext|>'],
  addsBos: false,
  nfc: true,
  pattern: cutDigits(''),
  chat_template: chatml('You are a helpful assistant.'),
  tokenizer_class: 'Qwen2Tokenizer',
};

/** A 7B checkpoint of four bits: groups of 128 inputs, so rows are of that. */
function qwenInFourBits(id: string, layout: Layout): ServedModel {
  const sizes = { hidden_size: 128, intermediate_size: 256 };
  const config = { ...QWEN_CONFIG, ...sizes, quantization_config: QUANTIZATION[layout] };
  return { id, layout, dtype: 'F16', tokenizer: QWEN_TOKENIZER, config };
}

/** A base model's: no turns, no token in front. */
export const PLAIN_TOKENIZER: TokenizerShape = {
  special: ['<|endoftext|>'],
  eos: '<|endoftext|>',
  pad: '<|endoftext|>',
  stops: [],
  addsBos: false,
  nfc: false,
  pattern: null,
  tokenizer_class: 'PreTrainedTokenizerFast',
};

export const LLAMA3_TOKENIZER: TokenizerShape = {
  special: [
    '<|begin_of_text|>',
    '<|end_of_text|>',
    '<|finetune_right_pad_id|>',
    '<|start_header_id|>',
    '<|end_header_id|>',
    '<|eom_id|>',
    '<|eot_id|>',
    '<|python_tag|>',
  ],
  bos: '<|begin_of_text|>',
  eos: '<|eot_id|>',
  pad: '<|finetune_right_pad_id|>',
  stops: ['<|end_of_text|>', '<|eom_id|>'],
  addsBos: true,
  nfc: false,
  pattern: cutDigits('{1,3}'),
  chat_template: LLAMA_CHAT,
  tokenizer_class: 'PreTrainedTokenizerFast',
};

export const SERVED_MODELS: readonly ServedModel[] = [
  { id: 'qwen2-0_5b-instruct', dtype: 'BF16', tokenizer: QWEN_TOKENIZER, config: QWEN_CONFIG },
  {
    id: 'qwen2_5-0_5b-instruct',
    dtype: 'F32',
    config: QWEN_CONFIG,
    tokenizer: {
      ...QWEN_TOKENIZER,
      chat_template: chatml('You are Qwen, created by Alibaba Cloud. You are a helpful assistant.'),
    },
  },
  {
    id: 'llama-3.2-1b-instruct',
    dtype: 'BF16',
    maxShardBytes: 120_000,
    config: {
      ...LLAMA_CONFIG,
      max_position_embeddings: 131_072,
      rope_theta: 500_000,
      rope_scaling: {
        factor: 32,
        high_freq_factor: 4,
        low_freq_factor: 1,
        original_max_position_embeddings: 8192,
        rope_type: 'llama3',
      },
    },
    tokenizer: LLAMA3_TOKENIZER,
  },
  {
    id: 'smollm2-135m-instruct',
    dtype: 'F16',
    config: {
      ...LLAMA_CONFIG,
      hidden_size: 72,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      max_position_embeddings: 8192,
      rope_theta: 100_000,
    },
    tokenizer: {
      special: ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
      bos: '<|im_start|>',
      eos: '<|im_end|>',
      pad: '<|im_end|>',
      stops: [],
      addsBos: false,
      nfc: false,
      pattern: null,
      chat_template: chatml('You are a helpful AI assistant named SmolLM, trained by Hugging Face'),
      tokenizer_class: 'GPT2Tokenizer',
    },
  },
];

export const QUANTIZED_MODELS: readonly ServedModel[] = [
  qwenInFourBits('qwen2-7b-instruct-gptq-int4', 'gptq'),
  qwenInFourBits('qwen2-7b-instruct-awq', 'awq'),
];
