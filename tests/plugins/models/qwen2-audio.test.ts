import { describe, expect, test } from 'vitest';
import { fixture, plugins, readJson } from '../../../parity/cases.js';

type Fields = Readonly<Record<string, unknown>>;

const config = readJson<Fields>(fixture('multimodal', 'qwen2_audio', 'config.json'));
const settings = readJson<Fields>(fixture('multimodal', 'qwen2_audio', 'preprocessor_config.json'));
const { instance } = await plugins().resolve('model', 'qwen2-audio-7b-instruct');
const hearing = (changed: Fields = {}, template = 'qwen2-audio') =>
  instance.processor!(config, { ...settings, ...changed }, template).audio!;

describe('sounds', () => {
  const sound = { features: 2, grid: [8], index: 1 };

  test('are numbered in a chat, and not in the template of base models', () => {
    expect(hearing().text(sound)).toBe('Audio 2: <|audio_bos|><|AUDIO|><|AUDIO|><|audio_eos|>\n');
    expect(hearing({}, 'qwen2-audio-generation').text(sound)).toBe(
      '<|audio_bos|><|AUDIO|><|AUDIO|><|audio_eos|>\n',
    );
  });

  test('have as many features as Transformers counts, and are cut where a clip ends', () => {
    const { tower } = instance.build(config);
    const counted = [321, 640, 641, 2400, 16_000, 40_000].map((length) =>
      tower!.features(hearing().grid({ length }), 'audio'),
    );
    expect(counted).toEqual([1, 1, 1, 4, 25, 25]);
  });

  test('that become no feature are refused', () => {
    expect(() => hearing().grid({ length: 320 })).toThrow(/a sound of 0\.020 seconds is too short/);
  });
});

test.each([
  [{ feature_size: 80 }, /feature_size is 80, expected 8/],
  [{ chunk_length: 30 }, /chunk_length is 30, expected 1 seconds/],
  [{ dither: 0.1 }, /dither is 0\.1, expected 0/],
])('settings %j are refused', (changed, message) => {
  expect(() => hearing(changed)).toThrow(message);
});

test('an encoder that scales its input is refused', () => {
  const audio_config = { ...(config.audio_config as Fields), scale_embedding: true };
  expect(() => instance.build({ ...config, audio_config })).toThrow(
    /scale_embedding is true, expected false/,
  );
});
