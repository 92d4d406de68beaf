/** Published checkpoints of models that see, in small, with the tensor names and files of the real ones. */
import { QWEN_TOKENIZER, SIZES, type ServedModel } from './families.js';

const STEPS = {
  do_convert_rgb: true,
  do_normalize: true,
  do_rescale: true,
  do_resize: true,
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
  resample: 3,
  rescale_factor: 1 / 255,
};

export const SEEING_MODELS: readonly ServedModel[] = [
  {
    id: 'qwen2-vl-2b-instruct',
    dtype: 'BF16',
    config: {
      ...SIZES,
      architectures: ['Qwen2VLForConditionalGeneration'],
      model_type: 'qwen2_vl',
      max_position_embeddings: 32_768,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      rope_scaling: { type: 'mrope', mrope_section: [2, 3, 3] },
      use_sliding_window: false,
      vision_config: {
        depth: 2,
        embed_dim: 32,
        hidden_size: 64,
        in_chans: 3,
        mlp_ratio: 2,
        num_heads: 2,
        patch_size: 14,
        spatial_merge_size: 2,
        spatial_patch_size: 14,
        temporal_patch_size: 2,
      },
    },
    tokenFields: {
      image_token_id: '<|image_pad|>',
      video_token_id: '<|video_pad|>',
      vision_start_token_id: '<|vision_start|>',
      vision_end_token_id: '<|vision_end|>',
      vision_token_id: '<|vision_pad|>',
    },
    storedName: (name) =>
      name.replace(/^model\.visual\./, 'visual.').replace(/^model\.language_model\./, 'model.'),
    images: {
      ...STEPS,
      image_processor_type: 'Qwen2VLImageProcessor',
      processor_class: 'Qwen2VLProcessor',
      max_pixels: 12_845_056,
      merge_size: 2,
      min_pixels: 3136,
      patch_size: 14,
      temporal_patch_size: 2,
    },
    tokenizer: {
      ...QWEN_TOKENIZER,
      special: [
        ...QWEN_TOKENIZER.special,
        ...['<|object_ref_start|>', '<|object_ref_end|>', '<|box_start|>', '<|box_end|>'],
        ...['<|vision_start|>', '<|vision_end|>', '<|vision_pad|>', '<|image_pad|>', '<|video_pad|>'],
      ],
    },
  },
  {
    id: 'llava1_5-7b-instruct',
    dtype: 'F16',
    config: {
      architectures: ['LlavaForConditionalGeneration'],
      model_type: 'llava',
      ignore_index: -100,
      projector_hidden_act: 'gelu',
      vision_feature_layer: -2,
      vision_feature_select_strategy: 'default',
      text_config: {
        ...SIZES,
        architectures: ['LlamaForCausalLM'],
        model_type: 'llama',
        max_position_embeddings: 4096,
        num_key_value_heads: 4,
        rms_norm_eps: 1e-5,
        tie_word_embeddings: false,
      },
      vision_config: {
        hidden_size: 32,
        image_size: 56,
        intermediate_size: 64,
        model_type: 'clip_vision_model',
        num_attention_heads: 2,
        num_hidden_layers: 3,
        patch_size: 14,
        projection_dim: 24,
        vocab_size: 32_000,
      },
    },
    tokenFields: { image_token_index: '<image>', pad_token_id: '<pad>' },
    storedName: (name) =>
      name
        .replace(/^model\.vision_tower\./, 'vision_tower.vision_model.')
        .replace(/^model\.multi_modal_projector\./, 'multi_modal_projector.')
        .replace(/^model\.language_model\./, 'language_model.model.')
        .replace(/^lm_head\./, 'language_model.lm_head.'),
    images: {
      ...STEPS,
      crop_size: { height: 56, width: 56 },
      do_center_crop: true,
      image_processor_type: 'CLIPImageProcessor',
      processor_class: 'LlavaProcessor',
      size: { shortest_edge: 56 },
    },
    tokenizer: {
      special: ['<unk>', '<s>', '</s>', '<image>', '<pad>'],
      bos: '<s>',
      eos: '</s>',
      pad: '<pad>',
      stops: [],
      addsBos: true,
      nfc: false,
      pattern: null,
      tokenizer_class: 'LlamaTokenizer',
    },
  },
];
