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

test('Janus marks where pictures begin and end, DeepSeek-VL does not; a tower of two is refused', async () => {
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
  const hybrid = { ...CONFIG, vision_config: { cls: 'HybridVisionTower', params: {} } };
  expect(() => instance.build(hybrid)).toThrow(/model_name/);
});
