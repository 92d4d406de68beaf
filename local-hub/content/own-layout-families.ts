/** Published checkpoints of models that see or hear, in layouts of their own code, in small: without an <image> among tokens, or without settings beside. */
import { LLAMA3_TOKENIZER, QWEN_TOKENIZER, SIZES, type ServedModel } from './families.js';
import { CLIP, CLIP_STEPS, LLAMA, PINPOINTS } from './llava-families.js';

const FIRST_QWEN = {
  ...SIZES,
  architectures: ['QWenLMHeadModel'],
  model_type: 'qwen',
  // Both branches of the feed-forward.
  intermediate_size: 2 * SIZES.intermediate_size,
  kv_channels: SIZES.hidden_size / SIZES.num_attention_heads,
  layer_norm_epsilon: 1e-6,
  no_bias: true,
  num_key_value_heads: undefined,
  rotary_emb_base: 10_000,
  rotary_pct: 1,
  seq_length: 2048,
  tie_word_embeddings: false,
  use_dynamic_ntk: true,
  use_logn_attn: true,
};

export const OWN_LAYOUT_MODELS: readonly ServedModel[] = [
  {
    id: 'llama3-llava-next-8b',
    dtype: 'BF16',
    config: {
      ...LLAMA,
      architectures: ['LlavaLlamaForCausalLM'],
      image_aspect_ratio: 'anyres',
      image_grid_pinpoints: PINPOINTS,
      mm_hidden_size: CLIP.hidden_size,
      mm_patch_merge_type: 'spatial_unpad',
      mm_projector_type: 'mlp2x_gelu',
      mm_use_im_patch_token: false,
      mm_use_im_start_end: false,
      mm_vision_select_feature: 'patch',
      mm_vision_select_layer: -2,
      mm_vision_tower: 'openai/clip-vit-large-patch14-336',
      model_type: 'llava_llama',
      vision_config: CLIP,
    },
    images: { ...CLIP_STEPS, image_processor_type: 'CLIPImageProcessor' },
    tokenizer: LLAMA3_TOKENIZER,
  },
  {
    id: 'qwen-vl-chat',
    dtype: 'BF16',
    config: {
      ...FIRST_QWEN,
      visual: {
        heads: 2,
        image_size: 56,
        layers: 2,
        mlp_ratio: 4,
        n_queries: 16,
        output_dim: SIZES.hidden_size,
        patch_size: 14,
        width: 32,
      },
    },
    tokenizer: { ...QWEN_TOKENIZER, special: [...QWEN_TOKENIZER.special, '<img>', '</img>', '<imgpad>'] },
  },
  {
    id: 'qwen-audio-chat',
    dtype: 'BF16',
    config: {
      ...FIRST_QWEN,
      audio: {
        add_audio_bos_eos_token: true,
        avg_pool: true,
        n_ctx: 1500,
        n_head: 2,
        n_layer: 2,
        n_mels: 80,
        n_state: 32,
        output_dim: SIZES.hidden_size,
      },
    },
    tokenizer: { ...QWEN_TOKENIZER, special: [...QWEN_TOKENIZER.special, '[[[AUDIO:modality]]]'] },
  },
];
