/** What Qwen2.5-Omni, Qwen3-Omni and Qwen3-ASR have in common: a thinker. What speaks its answers is left out. */
import {
  type AudioProjector,
  ChunkedSoundTower,
  ConfigReader,
  type ChunkedSoundSize,
  type Config,
  type MediaTower,
  type RolePrefix,
  type SoundStem,
} from 'swift-ts/nn';
import {
  WhisperSounds,
  type ImageSettings,
  type PlacedMedium,
  type WhisperSoundOptions,
} from 'swift-ts/plugin';
import { withTextFields } from './_qwen-vl.js';
import { whisperSize } from './_whisper.js';

const THINKER = 'thinker.model';

/** As Transformers has them in memory. */
export const OMNI_NAMES = { model: `${THINKER}.language_model`, lm_head: 'thinker.lm_head', tower: '' };
/** Where the towers lie. */
export const OMNI_TOWERS = { vision: `${THINKER}.visual`, audio: '' };

/** In published files, and in all that are saved. */
export const OMNI_FORMER_NAMES = [
  [/^thinker\.(visual|audio_tower)\./, `${THINKER}.$1.`],
  [/^thinker\.model\.(?!language_model\.|visual\.|audio_tower\.)/, `${THINKER}.language_model.`],
] as const;

/** What speaks. */
export const OMNI_IGNORED = [/^talker\./, /^token2wav\./, /^code2wav\./];

/** @param aligners what fits features to the language model, below the thinker */
export function omniRoles(aligners: readonly string[]): readonly RolePrefix[] {
  return [
    [`${THINKER}.visual`, 'vit'],
    [`${THINKER}.audio_tower`, 'vit'],
    ...aligners.map((path): RolePrefix => [`${THINKER}.${path}`, 'aligner']),
  ];
}

/** The fields of the thinker, its language model's among them. */
export function thinkerFields({ thinker_config: thinker = {} }: Readonly<Record<string, unknown>>): Config {
  return withTextFields({ tie_word_embeddings: false, ...(thinker as Config) });
}

/** What `audio_config` says of blocks and chunks. @param together frames whose states see each other; those of a chunk when absent */
export function soundSize(
  audio: ConfigReader,
  {
    n_window,
    key_bias,
    pool,
    together,
  }: {
    readonly n_window: number;
    readonly key_bias: boolean;
    readonly pool: number;
    readonly together?: number;
  },
): ChunkedSoundSize {
  const chunk = 2 * audio.count('n_window', n_window);
  const frames = together === undefined ? chunk : audio.count('n_window_infer', together);
  if (frames < chunk) throw audio.error('n_window_infer', `at least 2 n_window, ${chunk}`);
  return { ...whisperSize(audio, pool), key_bias, chunk, together: Math.floor(frames / chunk) };
}

/** @param paths where the encoder lies, and what fits its features to the language model */
export function soundTower(
  size: ChunkedSoundSize,
  stem: SoundStem,
  projector: AudioProjector,
  [encoder, aligner] = [`${THINKER}.audio_tower`, `${THINKER}.audio_tower`],
): MediaTower {
  return new ChunkedSoundTower(size, stem, projector, {
    stem: encoder,
    layers: `${encoder}.layers`,
    ln_post: `${encoder}.ln_post`,
    projector: aligner,
  });
}

/** Sounds of any length, as the encoder takes them. @param length samples of a clip, where silence fills it up */
export function omniSounds(
  settings: ImageSettings,
  { bands, length, ...words }: Pick<WhisperSoundOptions, 'token' | 'text' | 'least' | 'bands' | 'length'>,
): WhisperSounds {
  const reader = new ConfigReader(settings);
  reader.only('feature_size', bands);
  reader.only('padding_value', 0);
  reader.only('dither', 0);
  const rate = reader.count('sampling_rate', 16_000);
  const hop = reader.count('hop_length', 160);
  const window = reader.count('n_fft', 400);
  return new WhisperSounds({ ...words, bands, rate, hop, window, length, whole: false, behind: 0 });
}

/** The audio encoder of Qwen3-Omni and Qwen3-ASR, where configs leave it out. */
export const QWEN3_SOUND = { n_window: 50, key_bias: true, pool: 1, together: 800 };

/** How their texts hold a sound. */
export const qwen3SoundText = {
  least: 1,
  token: '<|audio_pad|>',
  text: ({ features }: PlacedMedium): string =>
    `<|audio_start|>${'<|audio_pad|>'.repeat(features)}<|audio_end|>`,
};
