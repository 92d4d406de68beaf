/** Which frames of a video families look at: numbers in its file, in order, to the one that their Python comes to. */
import type { VideoFacts } from '../contracts/media.js';
import { SwiftError } from '../errors.js';
import { halfToEven } from './rounding.js';

export type VideoLength = Pick<VideoFacts, 'frames' | 'fps'>;

/** numpy's `linspace(first, last, count, dtype=int)`: LLaVA over all frames, 16 of them. */
export function spread(first: number, last: number, count: number): number[] {
  return linspace(first, last, count).map(Math.floor);
}

/** `count` equal parts, and the middle of each: InternVL. */
export function middles({ frames }: VideoLength, count: number): number[] {
  const part = (frames - 1) / count;
  return range(count).map((i) => Math.trunc(part / 2 + halfToEven(part * i)));
}

/** The middles of `count` equal parts; all frames where there are no more: Ovis 2. */
export function centres({ frames }: VideoLength, count: number): number[] {
  if (frames <= count) return range(frames);
  const part = frames / count;
  return range(count).map((i) => Math.min(frames - 1, Math.trunc((part * i + part * (i + 1)) / 2)));
}

/** The first frames of `count` equal parts, some of them twice where there are fewer: Ovis 2.5. */
export function beginnings({ frames }: VideoLength, count: number): number[] {
  return range(count).map((i) => Math.trunc((i * frames) / count));
}

/** The same, all of them different: Gemma 4. @throws SwiftError BAD_ROW for a video with too few */
export function distinctBeginnings(video: VideoLength, count: number): number[] {
  if (count > video.frames) throw tooFew(video.frames, count);
  return beginnings(video, count);
}

/** One frame a second; of more than `most`, the middles of so many equal parts: MiniCPM-V, mPLUG-Owl3. */
export function everySecond({ frames, fps }: VideoLength, most: number): number[] {
  const step = Math.max(1, halfToEven(fps));
  const numbers = range(Math.ceil(frames / step)).map((i) => i * step);
  if (numbers.length <= most) return numbers;
  const gap = numbers.length / most;
  return range(most).map((i) => numbers[Math.trunc(i * gap + gap / 2)]);
}

/** Spread over the first minute: CogVLM2-Video. */
export function firstMinute({ frames, fps }: VideoLength, count: number): number[] {
  return spread(0, Math.min(frames, Math.trunc(60 * fps)) - 1, count);
}

export interface SmartOptions {
  /** Frames a second that are wanted; or how many there shall be. */
  readonly fps?: number;
  readonly nframes?: number;
  readonly min_frames?: number;
  readonly max_frames?: number;
}

/** Frames of Qwen2-VL are taken in twos. */
const PAIR = 2;

/**
 * An even number of frames, so many a second within bounds, spread over all: qwen-vl-utils, for Qwen2-VL, Qwen2.5-VL and Omni.
 * @throws SwiftError BAD_ROW for a video with too few
 */
export function smartFrames({ frames, fps }: VideoLength, options: SmartOptions = {}): number[] {
  const count = options.nframes === undefined ? bySeconds() : halfToEven(options.nframes / PAIR) * PAIR;
  if (count < PAIR || count > frames) throw tooFew(frames, Math.max(PAIR, count));
  return linspace32(frames - 1, count).map(halfToEven);

  function bySeconds(): number {
    const least = Math.ceil((options.min_frames ?? 4) / PAIR) * PAIR;
    const most = Math.floor((options.max_frames ?? Math.min(768, frames)) / PAIR) * PAIR;
    const wanted = (frames / fps) * (options.fps ?? 2);
    return Math.floor(Math.min(Math.max(wanted, least), most, frames) / PAIR) * PAIR;
  }
}

/** So many frames a second within bounds, spread over all and rounded: Qwen3-VL's own processor. */
export function roundedFrames(
  { frames, fps }: VideoLength,
  { fps: wanted, min_frames, max_frames }: Required<Omit<SmartOptions, 'nframes'>>,
): number[] {
  const count = Math.min(Math.max(Math.trunc((frames / fps) * wanted), min_frames), max_frames, frames);
  return linspace(0, frames - 1, count).map(halfToEven);
}

/** The first frame at or behind every 1/`wanted` of a second, an even number of them: GLM-4.1V. */
export function firstAfter(
  { frames, fps }: VideoLength,
  { fps: wanted, max_duration }: { readonly fps: number; readonly max_duration: number },
): number[] {
  const last = frames - 1;
  const seconds = frames / fps;
  const at = (second: number): number => Math.min(last, Math.ceil(second));
  const most = Math.trunc(max_duration * wanted);
  const chosen =
    seconds <= max_duration
      ? range(Math.max(Math.floor(seconds * wanted), 1)).map((i) => at((i * fps) / wanted))
      : most >= frames
        ? range(frames)
        : linspace(0, seconds, most).map((second) => at(second * fps));
  const numbers = [...new Set(chosen)];
  return numbers.length % 2 === 0 ? numbers : [...numbers, numbers[numbers.length - 1]];
}

/** So many frames a second, `most` in all, without the first and last second of a long video: SmolVLM. */
export function betweenEnds(
  { frames, fps }: VideoLength,
  { fps: wanted, most }: { readonly fps: number; readonly most: number },
): number[] {
  const seconds = frames / fps;
  const count = Math.max(1, Math.min(halfToEven(wanted * seconds), most));
  const isLong = seconds - 2 > most * wanted;
  const first = isLong ? Math.trunc(fps) : 0;
  const last = isLong ? Math.min(Math.trunc(frames - fps), frames - 1) : frames - 1;
  const whole = first >= last;
  return [...new Set(spread(whole ? 0 : first, whole ? frames - 1 : last, count))];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** numpy's. */
function linspace(first: number, last: number, count: number): number[] {
  const step = (last - first) / (count - 1);
  return range(count).map((i) => (i === count - 1 && count > 1 ? last : i === 0 ? first : i * step + first));
}

/** torch's, from 0 in float32: the second half is counted from the end. */
function linspace32(last: number, count: number): number[] {
  const step = Math.fround(last / (count - 1));
  return range(count).map((i) =>
    i < Math.floor(count / 2)
      ? Math.fround(step * i)
      : Math.fround(last - Math.fround(step * (count - i - 1))),
  );
}

const tooFew = (frames: number, least: number): SwiftError =>
  new SwiftError('BAD_ROW', `a video has ${frames} of the ${least} frames that the model looks at`, {
    cure: 'Give a longer video; or a picture, as an image.',
  });
