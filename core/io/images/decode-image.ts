/** Decoding pictures. The one user of `sharp`. */
import type { RgbImage } from '../../contracts/processor.js';
import { SwiftError } from '../../errors.js';

/** Pixels: Pillow refuses more, for a file of few bytes may ask for all memory there is. */
const MOST_PIXELS = 178_956_970;

/**
 * Red, green and blue as SWIFT takes them: transparency is left out, not laid over a colour; colour profiles and the
 * orientation that a camera noted are not looked at. Of an animation it is the first frame.
 * @throws SwiftError BAD_FILE for what is damaged, or no picture
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<RgbImage> {
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, {
      failOn: 'error',
      limitInputPixels: MOST_PIXELS,
      ignoreIcc: true,
      pages: 1,
    });
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
