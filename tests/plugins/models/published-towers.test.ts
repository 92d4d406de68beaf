import { expect, test } from 'vitest';
import { plugins } from '../../../parity/cases.js';

/** Language models made small; of towers, what published configs say, which is less than their sizes. */
const EXPERTS = {
  hidden_size: 64,
  intermediate_size: 96,
  moe_intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  n_routed_experts: 4,
  n_shared_experts: 1,
  num_experts_per_tok: 2,
  first_k_dense_replace: 1,
  kv_lora_rank: null,
  q_lora_rank: null,
  qk_nope_head_dim: 0,
  qk_rope_head_dim: 0,
  v_head_dim: 0,
  use_mla: false,
  vocab_size: 128,
};

const SAM = {
  downsample_channels: [512, 1024],
  global_attn_indexes: [2, 5, 8, 11],
  heads: 12,
  layers: 12,
  width: 768,
};

const pages = (architecture: string, input_dim: number, model_name: string, width: object) => ({
  architectures: [architecture],
  candidate_resolutions: [[1024, 1024]],
  global_view_pos: 'head',
  tile_tag: '2D',
  language_config: EXPERTS,
  projector_config: { input_dim, model_type: 'mlp_projector', n_embed: 64, projector_type: 'linear' },
  vision_config: { image_size: 1024, mlp_ratio: 3.7362, model_name, model_type: 'vision', width },
});

async function shapesOf(id: string, config: Readonly<Record<string, unknown>>) {
  const { instance } = await plugins().resolve('model', id);
  const model = instance.build(config);
  const shapes = new Map([...model.namedParameters()].map(([name, { shape }]) => [name, shape]));
  return { model, shapes };
}

test('DeepSeek-VL2', async () => {
  const { model, shapes } = await shapesOf('deepseek-vl2-tiny', {
    candidate_resolutions: [
      [384, 384],
      [768, 384],
    ],
    global_view_pos: 'head',
    tile_tag: '2D',
    language_config: EXPERTS,
    projector_config: { model_type: 'mlp_projector', n_embed: 64 },
    vision_config: {
      layers: 27,
      mlp_ratio: 3.7362,
      model_name: 'siglip_so400m_patch14_384',
      model_type: 'vision',
      patch_size: 14,
      width: 1152,
    },
  });
  expect(shapes.get('vision.pos_embed')).toEqual([1, 729, 1152]);
  expect(shapes.get('vision.blocks.26.mlp.fc1.weight')).toEqual([4304, 1152]);
  expect(shapes.get('projector.layers.0.weight')).toEqual([64, 4608]);
  expect(shapes.get('image_newline')).toEqual([64]);
  // A whole and two tiles above each other.
  expect(model.tower!.features([3, 2, 1], 'image')).toBe(14 * 15 + 1 + 28 * 15);
});

test('DeepSeek-OCR', async () => {
  const clip = { heads: 16, image_size: 224, layers: 24, patch_size: 14, width: 1024 };
  const { model, shapes } = await shapesOf(
    'deepseek-ocr',
    pages('DeepseekOCRForCausalLM', 2048, 'deeplip_b_l', { 'clip-l-14-224': clip, sam_vit_b: SAM }),
  );
  expect(shapes.get('model.sam_model.pos_embed')).toEqual([1, 64, 64, 768]);
  expect(shapes.get('model.sam_model.blocks.1.attn.rel_pos_h')).toEqual([27, 64]);
  expect(shapes.get('model.sam_model.blocks.2.attn.rel_pos_h')).toEqual([127, 64]);
  expect(shapes.get('model.sam_model.net_3.weight')).toEqual([1024, 512, 3, 3]);
  expect(shapes.get('model.vision_model.embeddings.position_embedding.weight')).toEqual([257, 1024]);
  expect(shapes.get('model.vision_model.transformer.layers.23.self_attn.qkv_proj.weight')).toEqual([
    3072, 1024,
  ]);
  expect(shapes.get('model.vision_model.transformer.layers.0.mlp.fc1.weight')).toEqual([4096, 1024]);
  expect(shapes.get('model.projector.layers.weight')).toEqual([64, 2048]);
  // A page of 16 lines of 16, and two tiles beside each other, 10 lines of 20.
  expect(model.tower!.features([3, 1, 2], 'image')).toBe(16 * 17 + 1 + 10 * 21);
});

test('DeepSeek-OCR 2', async () => {
  const { model, shapes } = await shapesOf(
    'deepseek-ocr-2',
    pages('DeepseekOCR2ForCausalLM', 896, 'deepencoderv2', { 'qwen2-0-5b': { dim: 896 }, sam_vit_b: SAM }),
  );
  expect(shapes.get('model.sam_model.net_3.weight')).toEqual([896, 512, 3, 3]);
  expect(shapes.get('model.qwen2_model.query_768.weight')).toEqual([144, 896]);
  expect(shapes.get('model.qwen2_model.query_1024.weight')).toEqual([256, 896]);
  expect(shapes.get('model.qwen2_model.model.model.layers.23.self_attn.k_proj.weight')).toEqual([128, 896]);
  expect(shapes.get('model.qwen2_model.model.model.layers.0.mlp.gate_proj.weight')).toEqual([4864, 896]);
  expect(shapes.get('model.projector.layers.weight')).toEqual([64, 896]);
  expect(model.tower!.features([3, 1, 2], 'image')).toBe(256 + 1 + 2 * 144);
});

const DENSE = {
  hidden_size: 128,
  intermediate_size: 96,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  vocab_size: 128,
};

test('MiniCPM-V before 2.5', async () => {
  const config = { ...DENSE, scale_emb: 12, scale_depth: 1.4, dim_model_base: 256 };
  const named = { vision_encoder: 'vit_so400m_patch14_siglip_384.webli', patch_size: 14, query_num: 64 };
  const { model, shapes } = await shapesOf('minicpm-v-v2-chat', {
    ...config,
    ...named,
    drop_vision_last_layer: true,
    image_size: 448,
    max_slice_nums: 9,
    scale_resolution: 448,
    slice_mode: true,
  });
  expect(shapes.get('vpm.pos_embed')).toEqual([1, 729, 1152]);
  expect(shapes.get('vpm.blocks.25.attn.qkv.weight')).toEqual([3456, 1152]);
  expect(shapes.has('vpm.blocks.26.attn.qkv.weight')).toBe(false);
  expect(shapes.get('resampler.query')).toEqual([64, 128]);
  expect(shapes.get('resampler.pos_embed')).toEqual([64, 128]);
  expect(shapes.get('resampler.attn.in_proj_weight')).toEqual([384, 128]);
  expect(shapes.has('llm.model.embed_tokens.weight')).toBe(true);
  expect(model.tower!.features([7, 0, 0, 2, 3], 'image')).toBe(7 * 64);
});

const MINICPM_V = {
  ...DENSE,
  version: 2.6,
  drop_vision_last_layer: false,
  image_size: 448,
  patch_size: 14,
  query_num: 64,
  slice_config: { max_slice_nums: 9, patch_size: 14, model_type: 'minicpmv' },
  slice_mode: true,
  use_image_id: true,
  vision_config: {
    hidden_size: 1152,
    image_size: 980,
    intermediate_size: 4304,
    model_type: 'siglip',
    num_attention_heads: 16,
    num_hidden_layers: 27,
    patch_size: 14,
  },
};

test('MiniCPM-V 2.6', async () => {
  const { shapes } = await shapesOf('minicpm-v-v2_6-chat', MINICPM_V);
  expect(shapes.get('vpm.embeddings.position_embedding.weight')).toEqual([4900, 1152]);
  expect(shapes.get('vpm.encoder.layers.26.mlp.fc1.weight')).toEqual([4304, 1152]);
  expect(shapes.get('vpm.post_layernorm.weight')).toEqual([1152]);
  expect(shapes.get('resampler.kv_proj.weight')).toEqual([128, 1152]);
  expect(shapes.has('resampler.pos_embed')).toBe(false);
});

test('MiniCPM-o', async () => {
  const { model, shapes } = await shapesOf('minicpm-o-4_5', {
    ...MINICPM_V,
    architectures: ['MiniCPMO'],
    version: 4.5,
    audio_chunk_length: 1,
    audio_pool_step: 5,
    audio_config: {
      d_model: 1024,
      encoder_attention_heads: 16,
      encoder_ffn_dim: 4096,
      encoder_layers: 24,
      num_mel_bins: 80,
    },
  });
  expect(shapes.get('apm.conv1.weight')).toEqual([1024, 80, 3]);
  expect(shapes.get('apm.layers.23.self_attn.q_proj.weight')).toEqual([1024, 1024]);
  expect(shapes.get('apm.layers.0.fc1.weight')).toEqual([4096, 1024]);
  expect(shapes.get('apm.layer_norm.weight')).toEqual([1024]);
  expect(shapes.get('audio_projection_layer.linear1.weight')).toEqual([128, 1024]);
  expect(shapes.get('audio_projection_layer.linear2.weight')).toEqual([128, 128]);
  expect(shapes.has('vpm.post_layernorm.weight')).toBe(true);
  expect(shapes.has('resampler.query')).toBe(true);
  // As the authors count: ceil(frames / 2) states, a feature for five.
  expect([100, 99, 27].map((frames) => model.tower!.features([frames], 'audio'))).toEqual([10, 10, 2]);
});

test('Phi-3-Vision', async () => {
  const { model, shapes } = await shapesOf('phi3_5-vision-instruct', {
    ...DENSE,
    embd_layer: {
      embedding_cls: 'image',
      hd_transform_order: 'sub_glb',
      projection_cls: 'mlp',
      use_hd_transform: true,
      with_learnable_separator: true,
    },
    img_processor: {
      image_dim_out: 1024,
      model_name: 'openai/clip-vit-large-patch14-336',
      name: 'clip_vision_model',
      num_img_tokens: 144,
    },
  });
  const tower = 'model.vision_embed_tokens';
  const vision = `${tower}.img_processor.vision_model`;
  expect(shapes.get(`${vision}.embeddings.position_embedding.weight`)).toEqual([577, 1024]);
  expect(shapes.get(`${vision}.encoder.layers.23.mlp.fc1.weight`)).toEqual([4096, 1024]);
  expect(shapes.get(`${tower}.sub_GN`)).toEqual([1, 1, 1, 4096]);
  expect(shapes.get(`${tower}.img_projection.0.weight`)).toEqual([128, 4096]);
  // As the authors count: (down * across + 1) * 144 + 1 + (down + 1) * 12.
  expect(model.tower!.features([5, 2, 2], 'image')).toBe(5 * 144 + 1 + 3 * 12);
});
