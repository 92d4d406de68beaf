/** Published checkpoints of models that hear, in small, with the tensor names and files of the real ones. */
import { QWEN_TOKENIZER, SIZES, type ServedModel } from './families.js';

export const HEARING_MODELS: readonly ServedModel[] = [
  {
    id: 'qwen2-audio-7b-instruct',
    dtype: 'BF16',
    config: {
      architectures: ['Qwen2AudioForConditionalGeneration'],
      model_type: 'qwen2_audio',
      audio_config: {
        activation_function: 'gelu',
        d_model: 32,
        encoder_attention_heads: 2,
        encoder_ffn_dim: 64,
        encoder_layerdrop: 0,
        encoder_layers: 2,
        max_source_positions: 1500,
        model_type: 'qwen2_audio_encoder',
        num_mel_bins: 128,
        scale_embedding: false,
      },
      ignore_index: -100,
      text_config: {
        ...SIZES,
        model_type: 'qwen2',
        max_position_embeddings: 8192,
        num_key_value_heads: 4,
        rms_norm_eps: 1e-5,
        rope_theta: 10_000,
        sliding_window: 32_768,
        tie_word_embeddings: false,
        use_sliding_window: false,
      },
    },
    tokenFields: { audio_token_index: '<|AUDIO|>' },
    storedName: (name) =>
      name
        .replace(/^model\.(audio_tower|multi_modal_projector)\./, '$1.')
        .replace(/^model\.language_model\./, 'language_model.model.')
        .replace(/^lm_head\./, 'language_model.lm_head.'),
    images: {
      chunk_length: 30,
      feature_extractor_type: 'WhisperFeatureExtractor',
      feature_size: 128,
      hop_length: 160,
      n_fft: 400,
      n_samples: 480_000,
      nb_max_frames: 3000,
      padding_side: 'right',
      padding_value: 0,
      processor_class: 'Qwen2AudioProcessor',
      return_attention_mask: true,
      sampling_rate: 16_000,
    },
    tokenizer: {
      ...QWEN_TOKENIZER,
      special: [...QWEN_TOKENIZER.special, '<|AUDIO|>', '<|audio_bos|>', '<|audio_eos|>'],
    },
  },
];
