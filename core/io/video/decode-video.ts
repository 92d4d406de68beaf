/** Decoding videos. */
import type { RgbImage, VideoFacts } from '../../contracts/media.js';
import { isSwiftError, SwiftError } from '../../errors.js';
import { FfmpegFault, runFfmpeg } from '../ffmpeg/run-ffmpeg.js';
import { ppmFrames } from './ppm-frames.js';

/** Seconds that reading a file through may take. */
const PATIENCE = 600;

/** Characters of the list of its frames, some fifty each. */
const MOST_TEXT = 2 ** 26;

/** Pixels of a frame, and bytes of all that are kept. */
const MOST_PIXELS = 178_956_970;
const MOST_KEPT = 2 ** 31;

/** @throws SwiftError BAD_FILE for what is damaged, or no video; BACKEND_UNAVAILABLE without ffmpeg */
export async function probeVideo(path: string, name: string): Promise<VideoFacts> {
  return told(name, async () => {
    const { frames, fps } = await packetsOf(path);
    const first = ppmFrames(runFfmpeg({ path, options: chosen([0]), seconds: PATIENCE }));
    for await (const { width, height } of first) return { width, height, frames, fps };
    throw new FfmpegFault('it shows no frame');
  });
}

/** Frames of a video, by their numbers; the others are not kept. @throws SwiftError BAD_FILE, BACKEND_UNAVAILABLE */
export async function readFrames(
  path: string,
  name: string,
  numbers: readonly number[],
): Promise<RgbImage[]> {
  return told(name, async () => {
    const wanted = [...new Set(numbers)].sort((a, b) => a - b);
    const frames: RgbImage[] = [];
    let bytes = 0;
    for await (const frame of ppmFrames(runFfmpeg({ path, options: chosen(wanted), seconds: PATIENCE }))) {
      frames.push(frame);
      bytes += frame.data.length;
      if (bytes > MOST_KEPT)
        throw new FfmpegFault(
          `${wanted.length} frames of ${frame.width} × ${frame.height} pixels take more than ${MOST_KEPT / 2 ** 30} GiB`,
        );
    }
    if (frames.length < wanted.length) throw new FfmpegFault(`it ends before frame ${wanted[frames.length]}`);
    return numbers.map((number) => frames[wanted.indexOf(number)]);
  });
}

/** Seconds between frames as ffmpeg writes them: more than any is shown for, since one that is shown for longer is repeated. */
const APART = 100_000;

/** Frames by their numbers, as pictures, each of them once. */
function chosen(numbers: readonly number[]): readonly string[] {
  const one = numbers.map((number) => `eq(n,${number})`).join('+');
  return [
    ...['-map', '0:v:0', '-an', '-vf', `select='${one}',settb=1,setpts=N*${APART}`],
    ...['-r', `1/${APART}`],
    ...['-frames:v', String(numbers.length), '-c:v', 'ppm', '-f', 'image2pipe'],
  ];
}

/** `-c copy` reads packets without decoding them, and framecrc tells the times of each. */
async function packetsOf(path: string): Promise<Pick<VideoFacts, 'frames' | 'fps'>> {
  const options = ['-map', '0:v:0', '-an', '-c', 'copy', '-copyinkf', '-f', 'framecrc'];
  let text = '';
  for await (const piece of runFfmpeg({ path, options, seconds: PATIENCE })) {
    text += Buffer.from(piece).toString('latin1');
    if (text.length > MOST_TEXT) throw new FfmpegFault('it has too many frames');
  }
  const [, width, height] = /^#dimensions 0: (\d+)x(\d+)/m.exec(text) ?? [];
  if (Number(width) * Number(height) > MOST_PIXELS)
    throw new FfmpegFault(`its frames have ${width} × ${height} pixels`);
  const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? [];
  const tick = Number(numerator) / Number(denominator);
  // stream, decoding time, showing time, duration, size, checksum, flags
  const packets = [
    ...text.matchAll(/^0, *\S+, *(\S+), *(\d+), *\d+, *0x[0-9a-f]+(?:, F=0x([0-9A-Fa-f]+))?/gm),
  ]
    .filter(([, , , flags]) => (Number.parseInt(flags ?? '0', 16) & DISCARDED) === 0)
    .map(([, time, duration]) => [Number(time), Number(duration)]);
  const frames = packets.length;
  if (frames === 0) throw new FfmpegFault('it shows no frame');
  const seconds = tick * (shownFor(packets) ?? packets.reduce((sum, [, duration]) => sum + duration, 0));
  if (!(seconds > 0)) throw new FfmpegFault('it does not say how long its frames are shown');
  return { frames, fps: frames / seconds };
}

/** ffmpeg's mark on what is decoded and not shown. */
const DISCARDED = 4;

/** From the first frame to behind the last one; undefined where packets have no times. */
function shownFor(packets: readonly (readonly number[])[]): number | undefined {
  let [first, last, end] = [Infinity, -Infinity, 0];
  for (const [time, duration] of packets) {
    if (Number.isNaN(time)) return undefined;
    first = Math.min(first, time);
    if (time > last) [last, end] = [time, time + duration];
  }
  // Where a file says nothing of the last frame it is shown as long as the others.
  const shown = end - first;
  return last === end && packets.length > 1 ? (shown * packets.length) / (packets.length - 1) : shown;
}

async function told<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSwiftError(error)) throw error;
    throw new SwiftError('BAD_FILE', `the video '${name}' cannot be decoded: ${(error as Error).message}`, {
      cure: 'It is damaged, too large, or no video: save it again as MP4.',
      cause: error,
    });
  }
}
