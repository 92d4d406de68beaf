import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';
import { latentTraits } from './_latent.js';
import { correctedLayers, type CorrectedDefaults } from './_mixture.js';

const DEFAULTS: CorrectedDefaults = { scale: 2.5, groups: [8, 4], dense: 3, shared: 1 };

/** DeepSeek-V3: latent attention, a corrected choice of experts. */
export function deepseekV3Traits(reader: ConfigReader): DecoderTraits {
  const traits = latentTraits(reader, reader.flag('rope_interleave', true));
  return { ...traits, feedForward: correctedLayers(reader, traits, DEFAULTS) };
}
