/** Published checkpoints of models that see by other ways than a causal row of tokens, in small. */
import { LLAMA3_TOKENIZER, PLAIN_TOKENIZER, SIZES, type ServedModel } from './families.js';
import { GEMMA2_CONFIG, GEMMA_TOKENIZER } from './further-families.js';
import { llavaName, STEPS } from './seeing-families.js';

const HALF = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };

const SIGLIP = {
  hidden_size: 32,
  image_size: 56,
  intermediate_size: 64,
  model_type: 'siglip_vision_model',
  num_attention_heads: 2,
  num_hidden_layers: 2,
  patch_size: 14,
  vision_use_head: false,
};

export const FURTHER_SEEING_MODELS: readonly ServedModel[] = [
  {
    id: 'paligemma-3b-mix-224',
    dtype: 'F32',
    config: {
      architectures: ['PaliGemmaForConditionalGeneration'],
      model_type: 'paligemma',
      hidden_size: 64,
      projection_dim: 64,
      text_config: {
        hidden_size: 64,
        intermediate_size: 160,
        head_dim: 16,
        model_type: 'gemma',
        num_attention_heads: 4,
        num_hidden_layers: 2,
        num_image_tokens: 16,
        num_key_value_heads: 1,
      },
      vision_config: { ...SIGLIP, num_image_tokens: 16, projection_dim: 64 },
    },
    tokenFields: { bos_token_id: '<bos>', image_token_index: '<image>' },
    storedName: llavaName,
    images: {
      ...STEPS,
      ...HALF,
      do_convert_rgb: null,
      image_processor_type: 'SiglipImageProcessor',
      image_seq_length: 16,
      processor_class: 'PaliGemmaProcessor',
      size: { height: 56, width: 56 },
    },
    tokenizer: {
      ...GEMMA_TOKENIZER,
      special: ['<pad>', '<eos>', '<bos>', '<image>'],
      stops: [],
      addsBos: true,
      chat_template: undefined,
    },
  },
  {
    id: 'gemma-3-4b-it',
    dtype: 'BF16',
    config: {
      architectures: ['Gemma3ForConditionalGeneration'],
      model_type: 'gemma3',
      mm_tokens_per_image: 16,
      text_config: {
        ...GEMMA2_CONFIG,
        architectures: undefined,
        model_type: 'gemma3_text',
        rope_local_base_freq: 10_000,
        rope_scaling: { factor: 8, rope_type: 'linear' },
        rope_theta: 1_000_000,
        sliding_window_pattern: 2,
      },
      vision_config: { ...SIGLIP, image_size: 112 },
    },
    tokenFields: {
      boi_token_index: '<start_of_image>',
      eoi_token_index: '<end_of_image>',
      image_token_index: '<image_soft_token>',
    },
    storedName: llavaName,
    images: {
      ...STEPS,
      ...HALF,
      do_convert_rgb: null,
      do_pan_and_scan: null,
      image_processor_type: 'Gemma3ImageProcessor',
      image_seq_length: 16,
      pan_and_scan_max_num_crops: null,
      pan_and_scan_min_crop_size: null,
      pan_and_scan_min_ratio_to_activate: null,
      processor_class: 'Gemma3Processor',
      resample: 2,
      size: { height: 112, width: 112 },
    },
    tokenizer: {
      ...GEMMA_TOKENIZER,
      special: [...GEMMA_TOKENIZER.special, ...['<start_of_image>', '<end_of_image>', '<image_soft_token>']],
      addsBos: true,
    },
  },
  {
    id: 'llama-3.2-11b-vision-instruct',
    dtype: 'BF16',
    config: {
      architectures: ['MllamaForConditionalGeneration'],
      model_type: 'mllama',
      text_config: {
        ...SIZES,
        cross_attention_layers: [1],
        max_position_embeddings: 131_072,
        model_type: 'mllama_text_model',
        rms_norm_eps: 1e-5,
        rope_scaling: {
          factor: 8,
          high_freq_factor: 4,
          low_freq_factor: 1,
          original_max_position_embeddings: 8192,
          rope_type: 'llama3',
        },
        rope_theta: 500_000,
        tie_word_embeddings: false,
      },
      vision_config: {
        attention_heads: 2,
        hidden_act: 'gelu',
        hidden_size: 32,
        image_size: 56,
        intermediate_layers_indices: [0, 1],
        intermediate_size: 64,
        max_num_tiles: 4,
        model_type: 'mllama_vision_model',
        norm_eps: 1e-5,
        num_channels: 3,
        num_global_layers: 1,
        num_hidden_layers: 2,
        patch_size: 14,
        vision_output_dim: 96,
      },
    },
    tokenFields: { image_token_index: '<|image|>' },
    storedName: (name) =>
      name
        .replace(/^model\.(vision_model|multi_modal_projector)\./, '$1.')
        .replace(/^model\.language_model\./, 'language_model.model.')
        .replace(/^lm_head\./, 'language_model.lm_head.'),
    images: {
      ...STEPS,
      do_pad: true,
      image_processor_type: 'MllamaImageProcessor',
      max_image_tiles: 4,
      resample: 2,
      size: { height: 56, width: 56 },
    },
    tokenizer: { ...LLAMA3_TOKENIZER, special: [...LLAMA3_TOKENIZER.special, '<|image|>'] },
  },
  {
    id: 'florence-2-base',
    dtype: 'F32',
    config: {
      architectures: ['Florence2ForConditionalGeneration'],
      model_type: 'florence2',
      is_encoder_decoder: true,
      projection_dim: 32,
      text_config: {
        activation_function: 'gelu',
        add_final_layer_norm: false,
        d_model: 32,
        decoder_attention_heads: 2,
        decoder_ffn_dim: 64,
        decoder_layers: 2,
        encoder_attention_heads: 2,
        encoder_ffn_dim: 64,
        encoder_layers: 2,
        max_position_embeddings: 1024,
        model_type: 'florence2_language',
        normalize_before: false,
        scale_embedding: false,
      },
      vision_config: {
        depths: [1, 1],
        dim_embed: [16, 32],
        drop_path_rate: 0.1,
        image_feature_source: ['spatial_avg_pool', 'temporal_avg_pool'],
        image_pos_embed: { max_pos_embeddings: 50, type: 'learned_abs_2d' },
        model_type: 'davit',
        num_groups: [2, 4],
        num_heads: [2, 4],
        patch_padding: [3, 1],
        patch_prenorm: [false, true],
        patch_size: [7, 3],
        patch_stride: [4, 2],
        projection_dim: 32,
        visual_temporal_embedding: { max_temporal_embeddings: 100, type: 'COSINE' },
        window_size: 12,
      },
    },
    storedName: (name) =>
      name
        .replace(/^model\.vision_tower\.(convs\.\d\.)conv\./, 'vision_tower.$1proj.')
        .replace(/^model\.vision_tower\./, 'vision_tower.')
        .replace(/(_block\.conv\d)\./, '$1.fn.dw.')
        .replace(
          /(spatial|channel)(_block\.)norm1\./,
          (_, kind: string, block: string) =>
            `${kind}${block}${kind === 'spatial' ? 'window' : 'channel'}_attn.norm.`,
        )
        .replace(/_attn\.(qkv|proj)\./, '_attn.fn.$1.')
        .replace(/_block\.norm2\./, '_block.ffn.norm.')
        .replace(/\.ffn\.(fc\d)\./, '.ffn.fn.net.$1.')
        .replace(/^model\.multi_modal_projector\.image_projection\.weight$/, 'image_projection')
        .replace(/^model\.multi_modal_projector\.image_position_embed\./, 'image_pos_embed.')
        .replace(/^model\.multi_modal_projector\./, '')
        .replace(/^model\.language_model\./, 'language_model.model.'),
    images: {
      ...STEPS,
      crop_size: { height: 96, width: 96 },
      do_center_crop: false,
      image_mean: [0.485, 0.456, 0.406],
      image_processor_type: 'CLIPImageProcessor',
      image_seq_length: 577,
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: { height: 96, width: 96 },
    },
    tokenizer: {
      ...PLAIN_TOKENIZER,
      special: ['<s>', '<pad>', '</s>', ...Array.from({ length: 1000 }, (_, i) => `<loc_${i}>`)],
      bos: '<s>',
      eos: '</s>',
      pad: '<pad>',
      tokenizer_class: 'BartTokenizer',
    },
  },
];
