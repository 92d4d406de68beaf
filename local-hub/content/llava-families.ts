/** Published checkpoints of the LLaVA line in small, with the tensor names and files of the real ones. */
import { SIZES, type ServedModel, type TokenizerShape } from './families.js';
import { llavaName, STEPS } from './seeing-families.js';

export const LLAMA = {
  ...SIZES,
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  max_position_embeddings: 4096,
  num_key_value_heads: 4,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: false,
};

export const CLIP = {
  hidden_size: 32,
  image_size: 56,
  intermediate_size: 64,
  model_type: 'clip_vision_model',
  num_attention_heads: 2,
  num_hidden_layers: 3,
  patch_size: 14,
  projection_dim: 24,
  vocab_size: 32_000,
};

/** Of all but the text's model. */
const LLAVA = {
  ignore_index: -100,
  projector_hidden_act: 'gelu',
  text_config: LLAMA,
  vision_config: CLIP,
  vision_feature_layer: -2,
  vision_feature_select_strategy: 'default',
};

export const CLIP_STEPS = {
  ...STEPS,
  crop_size: { height: 56, width: 56 },
  do_center_crop: true,
  size: { shortest_edge: 56 },
};

/** Half of a tile's side is a whole number of patches. */
export const PINPOINTS = [
  [56, 112],
  [112, 56],
  [112, 112],
  [168, 56],
  [56, 168],
];

const VICUNA: TokenizerShape = {
  special: ['<unk>', '<s>', '</s>', '<image>', '<video>', '<pad>'],
  bos: '<s>',
  eos: '</s>',
  pad: '<pad>',
  stops: [],
  addsBos: true,
  nfc: false,
  pattern: null,
  tokenizer_class: 'LlamaTokenizer',
};

const storedName = (name: string): string =>
  name === 'model.image_newline' ? 'image_newline' : llavaName(name);

export const LLAVA_MODELS: readonly ServedModel[] = [
  {
    id: 'llava1_5-7b-instruct',
    dtype: 'F16',
    config: { ...LLAVA, architectures: ['LlavaForConditionalGeneration'], model_type: 'llava' },
    tokenFields: { image_token_index: '<image>', pad_token_id: '<pad>' },
    storedName,
    images: { ...CLIP_STEPS, image_processor_type: 'CLIPImageProcessor', processor_class: 'LlavaProcessor' },
    tokenizer: VICUNA,
  },
  {
    id: 'llava1_6-vicuna-7b-instruct',
    dtype: 'F16',
    config: {
      ...LLAVA,
      architectures: ['LlavaNextForConditionalGeneration'],
      model_type: 'llava_next',
      image_grid_pinpoints: PINPOINTS,
      use_image_newline_parameter: true,
    },
    tokenFields: { image_token_index: '<image>', pad_token_id: '<pad>' },
    storedName,
    images: {
      ...CLIP_STEPS,
      image_grid_pinpoints: PINPOINTS,
      image_processor_type: 'LlavaNextImageProcessor',
      processor_class: 'LlavaNextProcessor',
    },
    tokenizer: VICUNA,
  },
  {
    id: 'llava-next-video-7b-instruct',
    dtype: 'F16',
    config: {
      ...LLAVA,
      architectures: ['LlavaNextVideoForConditionalGeneration'],
      model_type: 'llava_next_video',
      image_grid_pinpoints: PINPOINTS,
      spatial_pool_mode: 'average',
      spatial_pool_stride: 2,
      use_image_newline_parameter: true,
    },
    tokenFields: { image_token_index: '<image>', video_token_index: '<video>', pad_token_id: '<pad>' },
    storedName,
    images: {
      ...CLIP_STEPS,
      image_grid_pinpoints: PINPOINTS,
      image_processor_type: 'LlavaNextImageProcessor',
      processor_class: 'LlavaNextVideoProcessor',
    },
    tokenizer: VICUNA,
  },
];
