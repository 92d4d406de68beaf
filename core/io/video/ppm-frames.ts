/** Pictures one behind the other, as ffmpeg writes them: `P6`, width, height and 255, then bytes of red, green and blue. */
import type { RgbImage } from '../../contracts/media.js';

/** Longer than any header. */
const HEADER = 64;

/** @throws Error where the last one ends early */
export async function* ppmFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<RgbImage> {
  let rest: Buffer = Buffer.alloc(0);
  let image: RgbImage | undefined;
  let filled = 0;
  for await (const piece of pieces) {
    rest =
      rest.length === 0
        ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
        : Buffer.concat([rest, piece]);
    for (;;) {
      if (!image) {
        const [header, width, height] =
          /^P6\n(\d+) (\d+)\n255\n/.exec(rest.toString('latin1', 0, HEADER)) ?? [];
        if (header === undefined) break;
        rest = rest.subarray(header.length);
        image = {
          width: Number(width),
          height: Number(height),
          data: new Uint8Array(3 * Number(width) * Number(height)),
        };
        filled = 0;
      }
      const taken = rest.subarray(0, image.data.length - filled);
      image.data.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < image.data.length) break;
      yield image;
      image = undefined;
    }
  }
  if (image || rest.length > 0) throw new Error('a frame ends early');
}
