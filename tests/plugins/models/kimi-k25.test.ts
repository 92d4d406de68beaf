import { expect, test } from 'vitest';
import { fixture, readJson } from '../../../parity/cases.js';
import { KimiK25 } from '../../../plugins/models/kimi-k25.js';

type Fields = Record<string, unknown>;

const [config, settings] = ['config.json', 'preprocessor_config.json'].map((file) =>
  readJson<Fields>(fixture('multimodal', 'kimi_k25', file)),
);
const shapesOf = (fields: Fields): unknown =>
  [...new KimiK25().build(fields).namedParameters()].map(([name, { shape }]) => [name, shape]);

/** The same model as Transformers writes it. */
const again = {
  ...config,
  text_config: { ...(config.text_config as Fields), model_type: 'deepseek_v3' },
  vision_config: {
    patch_size: 4,
    pos_emb_height: 5,
    pos_emb_width: 5,
    num_attention_heads: 2,
    num_hidden_layers: 2,
    hidden_size: 16,
    intermediate_size: 20,
    hidden_act: 'gelu_pytorch_tanh',
    merge_kernel_size: [2, 2],
    rope_parameters: { rope_theta: 10_000, rope_type: 'axial' },
  },
  projection_hidden_size: 16,
  projection_layer_norm_eps: 1e-5,
};

test('a config that Transformers wrote says the same model', () => {
  expect(shapesOf(again)).toEqual(shapesOf(config));
});

test('settings that Transformers wrote say the same pictures', () => {
  const written = { patch_size: 4, merge_size: 2, max_patches: 24, size: { max_height: 7, max_width: 7 } };
  const picture = { width: 37, height: 12, data: new Uint8Array(3 * 37 * 12).fill(200) };
  const [first, second] = [settings, written].map((each) => new KimiK25().processor(config, each).image);
  expect(second?.grid(picture)).toEqual(first?.grid(picture));
  expect(second?.process(picture)).toEqual(first?.process(picture));
});

test.each([
  ['merge_type', 'sd2'],
  ['mm_projector_type', 'mlp'],
  ['merge_kernel_size', [2, 1]],
])('%s %j is refused', (field, value) => {
  const vision_config = { ...(config.vision_config as Fields), [field]: value };
  expect(() => new KimiK25().build({ ...config, vision_config })).toThrow(field);
});
