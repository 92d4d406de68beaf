/** Checkpoints that read conversations and write none, in small: encoders, embedding models, rerankers, reward models. */
import {
  LLAMA3_TOKENIZER,
  LLAMA_CONFIG,
  QWEN_CONFIG,
  QWEN_TOKENIZER,
  type ServedModel,
  type TokenizerShape,
} from './families.js';
import { GEMMA2_CONFIG, GEMMA_TOKENIZER } from './further-families.js';

const BERT_TOKENIZER: TokenizerShape = {
  special: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
  eos: '[SEP]',
  pad: '[PAD]',
  between: { cls: '[CLS]', sep: '[SEP]' },
  stops: [],
  addsBos: true,
  nfc: false,
  pattern: null,
  tokenizer_class: 'PreTrainedTokenizerFast',
};

const ROBERTA_TOKENIZER: TokenizerShape = {
  ...BERT_TOKENIZER,
  special: ['<s>', '<pad>', '</s>', '<unk>', '<mask>'],
  bos: '<s>',
  eos: '</s>',
  pad: '<pad>',
  between: { cls: '<s>', sep: '</s>' },
};

const STEPS_TOKENIZER: TokenizerShape = {
  ...QWEN_TOKENIZER,
  special: [...QWEN_TOKENIZER.special, '<extra_0>'],
};

const INTERNLM_TOKENIZER: TokenizerShape = {
  ...QWEN_TOKENIZER,
  special: ['<s>', '</s>', '<|im_start|>', '<|im_end|>', '<|reward|>'],
  bos: '<s>',
  eos: '</s>',
  pad: '</s>',
  stops: ['<|im_end|>'],
  addsBos: true,
};

const ENCODER = { hidden_size: 64, intermediate_size: 96, num_hidden_layers: 3, num_attention_heads: 4 };
const BERT = {
  ...ENCODER,
  architectures: ['BertModel'],
  model_type: 'bert',
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  pad_token_id: 0,
};
const MODERN_BERT = {
  ...ENCODER,
  architectures: ['ModernBertModel'],
  model_type: 'modernbert',
  hidden_activation: 'gelu',
  norm_eps: 1e-5,
  max_position_embeddings: 8192,
  global_attn_every_n_layers: 3,
  local_attention: 128,
  global_rope_theta: 160_000,
  local_rope_theta: 10_000,
};
const ONE_LABEL = { id2label: { 0: 'LABEL_0' }, label2id: { LABEL_0: 0 } };

function pooled(field: string, dense: readonly (readonly [number, number])[] = []): ServedModel['beside'] {
  const kinds = ['Transformer', 'Pooling', ...dense.map(() => 'Dense'), 'Normalize'];
  const layers = dense.map(([in_features, out_features], i) => [
    `${i + 2}_Dense/config.json`,
    { in_features, out_features, bias: false, activation_function: 'torch.nn.modules.linear.Identity' },
  ]);
  return {
    'modules.json': kinds.map((kind, idx) => ({
      idx,
      name: String(idx),
      path: idx === 0 ? '' : `${idx}_${kind}`,
      type: `sentence_transformers.models.${kind}`,
    })),
    '1_Pooling/config.json': { word_embedding_dimension: 64, [field]: true },
    ...Object.fromEntries(layers),
  };
}

/** Sizes of the layers behind EmbeddingGemma's pooling. */
const DENSE = [
  [64, 96],
  [96, 64],
] as const;

/** Files of the part that holds the blocks, without its own name in front. */
const withoutBase = (base: string) => (name: string) => name.replace(new RegExp(`^${base}\\.`), '');

export const READING_MODELS: readonly ServedModel[] = [
  {
    id: 'nlp_structbert_backbone_base_std',
    dtype: 'F32',
    tokenizer: BERT_TOKENIZER,
    config: BERT,
    storedName: withoutBase('bert'),
  },
  {
    id: 'bge-reranker-base',
    dtype: 'F32',
    tokenizer: ROBERTA_TOKENIZER,
    config: {
      ...BERT,
      ...ONE_LABEL,
      architectures: ['XLMRobertaForSequenceClassification'],
      model_type: 'xlm-roberta',
      max_position_embeddings: 514,
      type_vocab_size: 1,
      pad_token_id: 1,
    },
  },
  {
    id: 'gte-modernbert-base',
    dtype: 'F32',
    tokenizer: BERT_TOKENIZER,
    config: MODERN_BERT,
    storedName: withoutBase('model'),
    beside: pooled('pooling_mode_cls_token'),
  },
  {
    id: 'gte-reranker-modernbert-base',
    dtype: 'F32',
    tokenizer: BERT_TOKENIZER,
    config: {
      ...MODERN_BERT,
      ...ONE_LABEL,
      architectures: ['ModernBertForSequenceClassification'],
      classifier_pooling: 'mean',
    },
  },
  {
    id: 'qwen3-embedding-0.6b',
    dtype: 'BF16',
    tokenizer: QWEN_TOKENIZER,
    config: { ...QWEN_CONFIG, architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3', head_dim: 16 },
    storedName: withoutBase('model'),
    beside: pooled('pooling_mode_lasttoken'),
  },
  {
    id: 'qwen3-reranker-0.6b',
    dtype: 'BF16',
    tokenizer: QWEN_TOKENIZER,
    config: { ...QWEN_CONFIG, architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3', head_dim: 16 },
  },
  {
    id: 'gte-qwen2-1.5b-instruct',
    dtype: 'F32',
    tokenizer: { ...QWEN_TOKENIZER, eos: '<|endoftext|>' },
    config: { ...QWEN_CONFIG, is_causal: false },
    storedName: withoutBase('model'),
    beside: pooled('pooling_mode_lasttoken'),
  },
  {
    id: 'qwen2.5-math-rm-72b',
    dtype: 'BF16',
    tokenizer: QWEN_TOKENIZER,
    config: { ...QWEN_CONFIG, architectures: ['Qwen2ForRewardModel'] },
  },
  {
    id: 'qwen2.5-math-prm-7b',
    dtype: 'BF16',
    tokenizer: STEPS_TOKENIZER,
    config: { ...QWEN_CONFIG, architectures: ['Qwen2ForProcessRewardModel'] },
  },
  {
    id: 'internlm2-1_8b-reward',
    dtype: 'BF16',
    tokenizer: INTERNLM_TOKENIZER,
    config: {
      ...LLAMA_CONFIG,
      architectures: ['InternLM2ForRewardModel'],
      model_type: 'internlm2',
      bias: false,
      max_position_embeddings: 32_768,
    },
  },
  {
    id: 'skywork-reward-llama-3.1-8b',
    dtype: 'BF16',
    tokenizer: LLAMA3_TOKENIZER,
    config: {
      ...LLAMA_CONFIG,
      ...ONE_LABEL,
      architectures: ['LlamaForSequenceClassification'],
      max_position_embeddings: 131_072,
      rope_theta: 500_000,
    },
  },
  {
    id: 'skywork-reward-gemma-2-27b',
    dtype: 'BF16',
    tokenizer: GEMMA_TOKENIZER,
    config: { ...GEMMA2_CONFIG, ...ONE_LABEL, architectures: ['Gemma2ForSequenceClassification'] },
  },
  {
    id: 'embeddinggemma-300m',
    dtype: 'F32',
    tokenizer: { ...GEMMA_TOKENIZER, addsBos: true },
    config: {
      ...GEMMA2_CONFIG,
      architectures: ['Gemma3TextModel'],
      model_type: 'gemma3_text',
      use_bidirectional_attention: true,
      rope_theta: 1_000_000,
      rope_local_base_freq: 10_000,
    },
    storedName: withoutBase('model'),
    beside: pooled('pooling_mode_mean_tokens', DENSE),
    dense: DENSE,
  },
];
