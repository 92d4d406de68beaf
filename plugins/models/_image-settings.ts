import { ConfigReader } from 'swift-ts/nn';
import {
  CLIP_NORMALIZATION,
  ClipImages,
  HALF_NORMALIZATION,
  type FilterName,
  type ImageSettings,
  type ImageText,
  type Normalization,
} from 'swift-ts/plugin';

/** Pillow's numbers of filters. */
const FILTERS: Readonly<Record<number, FilterName>> = { 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };

/** How pictures are resized and normalized. */
export interface ImageSteps extends Normalization {
  readonly filter: FilterName;
}

/**
 * What preprocessor_config.json says of resizing, rescaling and normalizing.
 * @param usual the family's own, where it says nothing
 * @throws ConfigError for steps that are not built
 */
export function imageSteps(settings: ImageSettings, usual: Partial<ImageSteps> = {}): ImageSteps {
  const { scale, mean, deviation } = { ...CLIP_NORMALIZATION, ...usual };
  const reader = new ConfigReader(settings);
  for (const step of ['do_resize', 'do_rescale', 'do_normalize', 'do_convert_rgb']) reader.only(step, true);
  const three = (field: string, fallback: readonly number[]): readonly number[] => {
    const values = reader.has(field) ? reader.numbers(field) : fallback;
    if (values.length !== 3) throw reader.error(field, 'three numbers');
    return values;
  };
  return {
    scale: reader.number('rescale_factor', scale),
    mean: three('image_mean', mean),
    deviation: three('image_std', deviation),
    filter: filterOf(reader, usual.filter ?? 'bicubic'),
  };
}

/** The filter that a processor's config names. @throws ConfigError */
export function filterOf(reader: ConfigReader, usual: FilterName): FilterName {
  const filter = reader.has('resample') ? FILTERS[reader.number('resample')] : usual;
  if (!filter) throw reader.error('resample', Object.keys(FILTERS).join(' or '));
  return filter;
}

/** Pictures of one size whatever their ratio, as SigLIP sees them. @param side of a tile @throws ConfigError */
export function squashedImages(
  settings: ImageSettings,
  side: number,
  { filter, ...text }: ImageText & { readonly filter: FilterName },
): ClipImages {
  const size = new ConfigReader(settings).nested('size');
  for (const field of ['height', 'width']) size.only(field, side);
  const steps = imageSteps(settings, { ...HALF_NORMALIZATION, filter });
  return new ClipImages({ ...steps, ...text, size: side, squash: true, crop: side });
}
