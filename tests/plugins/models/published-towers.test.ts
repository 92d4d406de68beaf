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
