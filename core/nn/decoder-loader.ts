import { ConfigError, decoderTraits, type Config } from './config.js';
import { Decoder, type DecoderTraits } from './decoder.js';

/** Builds a llama-like family; a subclass says what its configs mean beyond Llama's. */
export class DecoderLoader {
  /** @throws ConfigError */
  build(config: Config): Decoder {
    if (config.quantization_config != null) {
      const { quant_method } = config.quantization_config as Config;
      throw new ConfigError(
        'quantization_config.quant_method',
        quant_method,
        'an unquantized checkpoint or a GGUF file',
      );
    }
    return new Decoder({ ...decoderTraits(config), ...this.traits(config) });
  }

  /** Traits that differ from what `decoderTraits` reads. */
  protected traits(_config: Config): Partial<DecoderTraits> {
    return {};
  }
}
