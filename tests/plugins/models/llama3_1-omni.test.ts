import { expect, test } from 'vitest';
import { fixture, plugins, readJson } from '../../../parity/cases.js';

type Fields = Readonly<Record<string, unknown>>;

const config = readJson<Fields>(fixture('multimodal', 'llama3_1_omni', 'config.json'));
const { instance } = await plugins().resolve('model', 'llama-3.1-8b-omni');

test('every sound becomes 300 features, and has no marks around them', () => {
  const published = { ...config, speech_encoder_positions: 1500, mel_size: 128 };
  const { audio } = instance.processor!(published, {}, 'llama3_1_omni');
  const { tower } = instance.build(published);
  const features = [1, 16_000, 900_000].map((length) => tower!.features(audio!.grid({ length }), 'audio'));
  expect(features).toEqual([300, 300, 300]);
  expect(audio!.text({ features: 2, grid: [3000], index: 4 })).toBe('<|reserved_special_token_0|>'.repeat(2));
});

test('speech of another encoder is refused', () => {
  expect(() => instance.build({ ...config, speech_encoder_type: 'hubert' })).toThrow(
    /speech_encoder_type is "hubert", expected "whisper"/,
  );
});
