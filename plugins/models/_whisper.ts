import { ACTIVATIONS, ConfigReader, type WhisperSize } from 'swift-ts/nn';
import { type LogMelOptions, type ImageSettings } from 'swift-ts/plugin';

/** What the config of an encoder like Whisper's says. @param pool states whose mean goes on to the last norm */
export function whisperSize(reader: ConfigReader, pool: number): WhisperSize {
  reader.only('scale_embedding', false);
  for (const field of ['dropout', 'attention_dropout', 'activation_dropout', 'encoder_layerdrop'])
    reader.only(field, 0);
  const act = reader.choice('activation_function', Object.keys(ACTIVATIONS), 'gelu');
  return {
    pool,
    width: reader.count('d_model', 1280),
    heads: reader.count('encoder_attention_heads', 20),
    layers: reader.count('encoder_layers', 32),
    intermediate_size: reader.count('encoder_ffn_dim', 5120),
    bands: reader.count('num_mel_bins', 128),
    positions: reader.count('max_source_positions', 1500),
    eps: 1e-5,
    activation: ACTIVATIONS[act],
  };
}

/** What preprocessor_config.json says of sounds, which must fit the encoder. @throws ConfigError */
export function whisperMel(settings: ImageSettings, { bands, positions }: WhisperSize): LogMelOptions {
  const reader = new ConfigReader(settings);
  reader.only('feature_size', bands);
  reader.only('padding_value', 0);
  reader.only('do_normalize', false);
  reader.only('dither', 0);
  const rate = reader.count('sampling_rate', 16_000);
  const hop = reader.count('hop_length', 160);
  const length = reader.count('chunk_length', 30) * rate;
  if (length / hop !== 2 * positions)
    throw reader.error(
      'chunk_length',
      `${(2 * positions * hop) / rate} seconds, as max_source_positions says`,
    );
  return { bands, rate, hop, length, window: reader.count('n_fft', 400) };
}
