import { expect, test } from 'vitest';
import { plugins } from '../../../parity/cases.js';

/** Sizes of a published config.json, the language model's made small. */
const CONFIG = {
  aligner_config: {
    cls: 'MlpProjector',
    params: { depth: 2, input_dim: 1024, n_embed: 64, projector_type: 'mlp_gelu' },
  },
  language_config: {
    model_type: 'llama',
    hidden_size: 64,
    intermediate_size: 96,
    num_attention_heads: 4,
    num_hidden_layers: 1,
    vocab_size: 128,
  },
  model_type: 'multi_modality',
  vision_config: {
    cls: 'CLIPVisionTower',
    params: {
      image_size: 384,
      model_name: 'siglip_large_patch16_384',
      select_feature: 'same',
      select_layer: -1,
    },
  },
};

test('in the layout of the authors, the tower has the names and shapes of timm', async () => {
  const { instance } = await plugins().resolve('model', 'janus-1.3b');
  const model = instance.build(CONFIG);
  const shapes = new Map([...model.namedParameters()].map(([name, { shape }]) => [name, shape]));
  const vision = 'vision_model.vision_tower';
  expect(shapes.get(`${vision}.pos_embed`)).toEqual([1, 576, 1024]);
  expect(shapes.get(`${vision}.patch_embed.proj.weight`)).toEqual([1024, 3, 16, 16]);
  expect(shapes.get(`${vision}.blocks.23.attn.qkv.weight`)).toEqual([3072, 1024]);
  expect(shapes.get(`${vision}.blocks.0.mlp.fc1.bias`)).toEqual([4096]);
  expect(shapes.get(`${vision}.norm.weight`)).toEqual([1024]);
  expect(shapes.get('aligner.layers.2.weight')).toEqual([64, 64]);
  expect(shapes.get('language_model.model.layers.0.self_attn.q_proj.weight')).toEqual([64, 64]);
  expect(shapes.has('language_model.lm_head.weight')).toBe(true);
  expect([...shapes.values()].filter((shape) => shape.includes(0))).toEqual([]);
  expect(model.tower!.features([1], 'image')).toBe(576);
});

test('Janus marks where pictures begin and end, DeepSeek-VL does not; towers without a name are refused', async () => {
  const { instance } = await plugins().resolve('model', 'janus-1.3b');
  const text = (template: string): string =>
    instance.processor!(CONFIG, { image_size: 384 }, template).image!.text({
      features: 2,
      grid: [1],
      index: 0,
    });
  expect(text('deepseek_janus_pro')).toBe(
    '<begin_of_image><image_placeholder><image_placeholder><end_of_image>\n',
  );
  expect(text('deepseek-vl')).toBe('<image_placeholder><image_placeholder>');
  const other = { ...CONFIG, vision_config: { cls: 'HybridVisionTower', params: {} } };
  expect(() => instance.build(other)).toThrow(/model_name/);
});

/** As the 7B's config.json tells its towers. */
const HYBRID = {
  ...CONFIG,
  aligner_config: {
    cls: 'MlpProjector',
    params: { depth: 2, input_dim: 1024, n_embed: 64, projector_type: 'low_high_hybrid_split_mlp_gelu' },
  },
  vision_config: {
    cls: 'HybridVisionTower',
    params: {
      concat_type: 'tuple',
      freeze_high: true,
      freeze_low: true,
      high_res_cfg: {
        ckpt_path: '',
        image_size: 1024,
        model_name: 'sam_b_downsample',
        output_dim: 1024,
        pixel_mean: [0.48145466, 0.4578275, 0.40821073],
        pixel_std: [0.26862954, 0.26130258, 0.27577711],
        select_feature: 'same',
        select_layer: -1,
      },
      low_res_cfg: {
        ckpt_path: '',
        image_size: 384,
        model_name: 'siglip_large_patch16_384',
        pixel_mean: [0.5, 0.5, 0.5],
        pixel_std: [0.5, 0.5, 0.5],
        select_feature: 'same',
        select_layer: -1,
      },
    },
  },
};

test('in the layout of the authors, two towers have the names and shapes of theirs', async () => {
  const { instance } = await plugins().resolve('model', 'deepseek-vl-7b-chat');
  const model = instance.build(HYBRID);
  const shapes = new Map([...model.namedParameters()].map(([name, { shape }]) => [name, shape]));
  const high = 'vision_model.vision_tower_high.vision_tower';
  expect(shapes.get(`${high}.pos_embed`)).toEqual([1, 64, 64, 768]);
  expect(shapes.get(`${high}.patch_embed.proj.weight`)).toEqual([768, 3, 16, 16]);
  expect(shapes.get(`${high}.blocks.0.attn.rel_pos_h`)).toEqual([27, 64]);
  expect(shapes.get(`${high}.blocks.11.attn.rel_pos_w`)).toEqual([127, 64]);
  expect(shapes.get(`${high}.neck.2.weight`)).toEqual([256, 256, 3, 3]);
  expect(shapes.get(`${high}.neck_hd.0.weight`)).toEqual([256, 768, 1, 1]);
  expect(shapes.get(`${high}.downsamples.0.weight`)).toEqual([512, 256, 3, 3]);
  expect(shapes.get(`${high}.downsamples.1.weight`)).toEqual([1024, 512, 3, 3]);
  expect(shapes.get(`${high}.hd_alpha_downsamples`)).toEqual([1]);
  expect(shapes.get('vision_model.vision_tower_low.vision_tower.norm.weight')).toEqual([1024]);
  expect(shapes.get('aligner.high_up_proj.weight')).toEqual([32, 1024]);
  expect(shapes.get('aligner.low_up_proj.weight')).toEqual([32, 1024]);
  expect(shapes.get('aligner.layers.1.weight')).toEqual([64, 64]);
  expect(model.tower!.features([1], 'image')).toBe(576);
});
