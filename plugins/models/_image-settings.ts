import { ConfigReader } from 'swift-ts/nn';
import { CLIP_NORMALIZATION, type ImageSettings, type Normalization } from 'swift-ts/plugin';

/** Pillow's number of the bicubic filter, the only one these families were published with. */
const BICUBIC = 3;

/** What preprocessor_config.json says of rescaling and normalizing. @throws ConfigError for steps that are not built */
export function normalization(settings: ImageSettings): Normalization {
  const reader = new ConfigReader(settings);
  for (const step of ['do_resize', 'do_rescale', 'do_normalize', 'do_convert_rgb']) reader.only(step, true);
  reader.only('resample', BICUBIC);
  const three = (field: string, fallback: readonly number[]): readonly number[] => {
    const values = reader.has(field) ? reader.numbers(field) : fallback;
    if (values.length !== 3) throw reader.error(field, 'three numbers');
    return values;
  };
  return {
    scale: reader.number('rescale_factor', CLIP_NORMALIZATION.scale),
    mean: three('image_mean', CLIP_NORMALIZATION.mean),
    deviation: three('image_std', CLIP_NORMALIZATION.deviation),
  };
}
