import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../core/nn/index.js';
import { fixture, readJson } from '../../../parity/cases.js';
import { Gemma4 } from '../../../plugins/models/gemma4.js';

type Fields = Record<string, unknown>;

const config = readJson<Fields>(fixture('multimodal', 'gemma4', 'config.json'));
const withText = (fields: Fields): Fields => ({
  ...config,
  text_config: { ...(config.text_config as Fields), ...fields },
});
const shapesOf = (fields: Fields): unknown =>
  [...new Gemma4().build(fields).namedParameters()].map(([name, { shape }]) => [name, shape]);

describe('heads of the layers that see all', () => {
  test('are read where Transformers wrote the config again', () => {
    const again = withText({
      global_head_dim: undefined,
      per_layer_config: { '1': { head_dim: 12 }, '3': { head_dim: 12 } },
    });
    expect(shapesOf(again)).toEqual(shapesOf(config));
  });

  test.each([
    ['differ', { '1': { head_dim: 16 }, '3': { head_dim: 12 } }],
    ['are of a windowed layer', { '0': { head_dim: 12 }, '1': { head_dim: 12 }, '3': { head_dim: 12 } }],
  ])('are refused where they %s', (_, per_layer_config) => {
    expect(() => new Gemma4().build(withText({ per_layer_config }))).toThrow(ConfigError);
  });
});

test.each([
  ['num_kv_shared_layers', 3],
  ['use_bidirectional_attention', 'all'],
])('%s %j is refused', (field, value) => {
  expect(() => new Gemma4().build(withText({ [field]: value }))).toThrow(field);
});
