import type { VideoClip, VideoFacts } from '../contracts/media.js';
import type {
  ChosenFrames,
  Grid,
  ImageProcessor,
  PlacedMedium,
  VideoProcessor,
} from '../contracts/processor.js';

export interface FrameVideoOptions {
  /** What each frame is to the model. */
  readonly image: ImageProcessor;
  readonly choose: (facts: VideoFacts) => readonly number[];
  /** What a text says of the video's time, where it says some. */
  readonly seconds?: (video: ChosenFrames) => readonly number[];
  /**
   * What stands for a frame in a text.
   * @param frame which of those that were chosen, from 0 @param features of it @param frames how many were chosen @param seconds of the video's time
   */
  readonly text: (frame: number, features: number, frames: number, seconds: readonly number[]) => string;
}

/**
 * Videos as pictures one behind the other, each where it stands in the text. Grids are [tiles of all frames, frames, …], behind which stand
 * seconds or, where a text says none, what a frame's own grid has behind its tiles.
 */
export class FrameVideos implements VideoProcessor {
  readonly token: string;
  readonly leads?: boolean;

  constructor(private readonly options: FrameVideoOptions) {
    this.token = options.image.token;
    this.leads = options.image.leads;
  }

  choose(facts: VideoFacts): readonly number[] {
    return this.options.choose(facts);
  }

  text({ features, grid: [, frames, ...seconds] }: PlacedMedium): string {
    const { text } = this.options;
    const of = (frame: number): string => text(frame, features / frames, frames, seconds);
    return Array.from({ length: frames }, (_, frame) => of(frame)).join('');
  }

  grid(video: ChosenFrames): Grid {
    const { image, seconds } = this.options;
    const [tiles, ...rest] = image.grid(video);
    const { length } = video.numbers;
    return [length * tiles, length, ...(seconds?.(video) ?? rest)];
  }

  process({ frames }: VideoClip): Float32Array {
    const parts = frames.map((frame) => this.options.image.process(frame));
    const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return values;
  }
}
