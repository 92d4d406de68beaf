/** Decoding pictures. */
import type { Sharp } from 'sharp';
import type { RgbImage } from '../../contracts/media.js';
import { SwiftError } from '../../errors.js';

/** Pixels: Pillow refuses more, for a file of few bytes may ask for all memory there is. */
const MOST_PIXELS = 178_956_970;

/** Formats of pixels; drawings would be run as programs of a kind. */
const FORMATS: ReadonlySet<string | undefined> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

/**
 * Red, green and blue as Pillow's `convert('RGB')` gives them to SWIFT: transparency is left out, not laid over a colour;
 * colour profiles are not looked at; inks are mixed without a profile. Of an animation it is the first frame. Where values
 * have 16 bits, the upper 8 count. Upright where a camera noted that it was turned (EXIF), as Transformers' `load_image` has it.
 * @throws SwiftError BAD_FILE for what is damaged, or no picture
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<RgbImage> {
  const { default: sharp } = await import('sharp');
  const options = { failOn: 'error', limitInputPixels: MOST_PIXELS, ignoreIcc: true, pages: 1 } as const;
  try {
    const { space, format } = await sharp(bytes, options).metadata();
    if (!FORMATS.has(format)) throw new Error(`${format} is not read`);
    const image = sharp(bytes, options).autoOrient();
    if (space === 'cmyk') return await fromInks(image);
    const { data, info } = await image
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { width: info.width, height: info.height, data };
  } catch (error) {
    const why = (error as Error).message.split('\n')[0].toLowerCase();
    throw new SwiftError('BAD_FILE', `the image '${name}' cannot be decoded: ${why}`, {
      cure: 'It is damaged, too large, or no picture: save it again as PNG or JPEG.',
      cause: error,
    });
  }
}

/** Cyan, magenta, yellow and black: what black leaves of the light, less what the ink takes of that. */
async function fromInks(image: Sharp): Promise<RgbImage> {
  const { data: inks, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const light = 255 - inks[pixel * 4 + 3];
    for (let ink = 0; ink < 3; ink++) {
      const taken = inks[pixel * 4 + ink] * light + 128;
      data[pixel * 3 + ink] = light - (((taken >> 8) + taken) >> 8);
    }
  }
  return { width, height, data };
}
