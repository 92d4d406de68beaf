import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  ConfigReader,
  DecoderLoader,
  decoderTraits,
  windowEverywhere,
  type Config,
} from '../../../core/nn/index.js';

const CONFIG = {
  vocab_size: 64,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 8,
};

function read(fields: Config): ConfigReader {
  return new ConfigReader({ ...CONFIG, ...fields });
}

describe('dimensions of a head that turn', () => {
  test('are not said where all do', () => {
    expect(decoderTraits(read({})).rotary_dims).toBeUndefined();
  });

  test.each([
    ['of config.json', { partial_rotary_factor: 0.25 }, 2],
    ['of rope_parameters', { rope_parameters: { partial_rotary_factor: 0.75 } }, 6],
    ["of the family's default", {}, 4],
  ])('are the part %s', (_, fields, dims) => {
    expect(decoderTraits(read(fields), { partial_rotary_factor: 0.5 }).rotary_dims).toBe(dims);
  });
});

test('the length before stretching may stand beside rope_scaling', () => {
  const factors = { short_factor: [1, 1, 1, 1], long_factor: [1, 2, 3, 4] };
  const { rope_scaling } = decoderTraits(
    read({
      max_position_embeddings: 4096,
      original_max_position_embeddings: 1024,
      rope_scaling: { type: 'longrope', ...factors },
    }),
  );
  const temperature = Math.sqrt(1 + Math.log(4) / Math.log(1024));
  expect(rope_scaling).toEqual({
    type: 'longrope',
    ...factors,
    original_max_position_embeddings: 1024,
    short_attention_factor: temperature,
    long_attention_factor: temperature,
  });
});

describe('a window of every layer', () => {
  test.each([
    ['is what the config says', { sliding_window: 8 }, 8],
    ["is the family's default where the config says nothing", {}, 4096],
    ['is none where the config says null', { sliding_window: null }, undefined],
  ])('%s', (_, fields, window) => {
    expect(windowEverywhere(read(fields), 4096)?.(1).window).toBe(window);
  });
});

describe('heads that cannot turn as the config asks', () => {
  const longrope = { type: 'longrope', short_factor: [1, 1, 1, 1], long_factor: [1, 1, 1] };

  test.each([
    [{ head_dim: 7 }, /turn .* is 7, expected an even number up to 7/],
    [{ partial_rotary_factor: 0.4 }, /turn .* is 3, expected an even number up to 8/],
    [{ partial_rotary_factor: 0.1 }, /turn .* is 0/],
    [{ partial_rotary_factor: 1.5 }, /turn .* is 12/],
    [{ rope_scaling: longrope }, /length of long_factor is 3, expected 4/],
  ])('%j', (fields, message) => {
    const build = (): unknown => new DecoderLoader().build({ ...CONFIG, ...fields });
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(message);
  });
});
