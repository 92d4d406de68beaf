import { gather, MASKED, reshape, type HostTensor, type Tensor } from '../../graph/index.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import { Module, type Names } from '../module.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { roomFor, roomInSteps } from '../vision/room.js';
import type { AudioProjector } from './audio-projector.js';
import { ConformerBlock, type ConformerSize } from './conformer-block.js';

/** From frames of log-mel to fewer states. */
export abstract class Subsampler extends Module {
  /** How many frames become one state. */
  abstract readonly step: number;
  /** How many states so many frames become. */
  abstract states(frames: number): number;
  /** What it reads beside the frames, by port. @param frames of each clip @param length that clips are filled up to */
  abstract inputs(frames: readonly number[], length: number): Readonly<Record<string, HostTensor>>;
  /** [N, T, bands] -> [N, T / step, D] */
  abstract forward(scope: Scope, mel: Tensor, ports: Readonly<Record<string, Tensor>>): Tensor;
}

export interface ConformerParts {
  /** Mel bands. */
  readonly bands: number;
  readonly subsampler: Subsampler;
  readonly block: ConformerSize;
  readonly layers: number;
  /** States before its own that one sees. */
  readonly past: number;
  readonly projector: AudioProjector;
  readonly names: Names;
}

/**
 * Sounds as frames of log-mel through a Conformer whose states see a few earlier ones, and what leads into the language model. Grids are
 * [frames], values [bands, frames]. Silence behind a sound is seen by nothing before it, so that clips of a batch are filled up with it.
 */
export class ConformerTower extends MediaTower {
  readonly subsampler: Subsampler;
  readonly layers: ConformerBlock[];
  readonly projector: AudioProjector;

  constructor(private readonly parts: ConformerParts) {
    super();
    const { block, layers, subsampler, projector, names } = parts;
    this.names = names;
    this.subsampler = subsampler;
    this.layers = Array.from({ length: layers }, () => new ConformerBlock(block));
    this.projector = projector;
  }

  features([frames]: Grid): number {
    return this.subsampler.states(frames);
  }

  smallest(): readonly Medium[] {
    const { step } = this.subsampler;
    return [{ kind: 'audio', values: new Float32Array(this.parts.bands * step), grid: [step] }];
  }

  /**
   * `audio_values` [N, T, bands]; `audio_mask` [chunks, chunk, 2 · chunk], additive; `audio_distances` [distances, D]; `audio_rows` int32,
   * the states that are features; and what the subsampler reads.
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { bands, block } = this.parts;
    const lengths = media.map(({ grid }) => grid[0]);
    const clips = roomFor(media.length, 1);
    const multiple = this.subsampler.step * block.chunk;
    const frames = roomInSteps(Math.max(...lengths), multiple);
    const states = frames / this.subsampler.step;
    const mel = new Float32Array(clips * frames * bands);
    const kept = new Int32Array(clips * states);
    let feature = 0;
    media.forEach(({ values, grid }, clip) => {
      const own = values.length / bands;
      for (let frame = 0; frame < own; frame++)
        for (let band = 0; band < bands; band++)
          mel[(clip * frames + frame) * bands + band] = values[band * own + frame];
      for (let i = 0; i < this.features(grid); i++) kept[feature++] = clip * states + i;
    });
    const filled = [...lengths, ...new Array<number>(clips - lengths.length).fill(0)];
    return {
      audio_values: { dtype: 'float32', shape: [clips, frames, bands], data: mel },
      audio_mask: this.mask(states / block.chunk),
      audio_distances: sinusoids(block.chunk, block.width),
      audio_rows: { dtype: 'int32', shape: [kept.length], data: kept },
      ...this.subsampler.inputs(filled, frames),
    };
  }

  stages({ audio_values }: InputShapes): readonly Stage[] {
    if (!audio_values) return [];
    const [clips, length] = audio_values.shape;
    const also = Object.keys(this.subsampler.inputs(new Array<number>(clips).fill(length), length));
    const embed: Stage = {
      reads: ['audio_values', ...also],
      forward: (scope, { audio_values: mel, ...ports }) => ({
        heard: this.subsampler.forward(scope, mel, ports),
      }),
    };
    const blocks = this.layers.map((block): Stage => ({
      reads: ['heard', 'audio_mask', 'audio_distances'],
      forward: (scope, { heard, audio_mask: mask, audio_distances: distances }) => ({
        heard: block.forward(scope, heard, { mask, distances }),
      }),
    }));
    const project: Stage = {
      reads: ['heard', 'audio_rows'],
      forward: (scope, { heard, audio_rows }) => {
        const rows = reshape(heard, [heard.shape[0] * heard.shape[1], heard.shape[2]]);
        return { features: this.projector.forward(scope, gather(rows, audio_rows)) };
      },
    };
    return [embed, ...blocks, project];
  }

  /** Queries of a chunk see the last `past` states and their own; there is none before the first chunk. */
  private mask(chunks: number): HostTensor {
    const { chunk } = this.parts.block;
    const data = new Float32Array(chunks * chunk * 2 * chunk).fill(MASKED);
    for (let query = 0; query < chunks * chunk; query++) {
      const own = chunk + (query % chunk);
      const past = Math.min(this.parts.past, query);
      data.fill(0, query * 2 * chunk + own - past, query * 2 * chunk + own + 1);
    }
    return { dtype: 'float32', shape: [chunks, chunk, 2 * chunk], data };
  }
}

/** Sines, then cosines, of distances from `most` to 0: [most + 1, width]. */
function sinusoids(most: number, width: number): HostTensor {
  const half = width / 2;
  const data = new Float32Array((most + 1) * width);
  for (let row = 0; row <= most; row++) {
    for (let i = 0; i < half; i++) {
      const angle = (most - row) * 10_000 ** (-i / Math.max(1, half - 1));
      data[row * width + i] = Math.sin(angle);
      data[row * width + half + i] = Math.cos(angle);
    }
  }
  return { dtype: 'float32', shape: [most + 1, width], data };
}
