import {
  add,
  expand,
  gather,
  MASKED,
  reduceMean,
  reshape,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import type { Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import type { Stage } from '../stage.js';
import type { VisionBlock, VisionBlockSize } from '../vision/vision-block.js';
import { roomFor } from '../vision/room.js';
import type { AudioProjector } from './audio-projector.js';
import type { SoundStem } from './sound-stem.js';
import { soundBlocks } from './whisper-encoder.js';

export interface ChunkedSoundSize extends Omit<VisionBlockSize, 'mlp'> {
  readonly heads: number;
  readonly layers: number;
  /** Mel bands of a frame. */
  readonly bands: number;
  readonly key_bias: boolean;
  /** Frames that pass the stem together; their positions begin anew in each chunk. */
  readonly chunk: number;
  /** Chunks whose states see each other. */
  readonly together: number;
  /** So many neighbouring states of a sound become their mean before the last norm. */
  readonly pool: number;
}

/** What a state's place in a chunk is told by: sines, then cosines, of wavelengths up to 10000 (Vaswani et al., 2017). */
function sinusoids(states: number, width: number): Float32Array {
  const half = width / 2;
  const step = Math.log(10_000) / (half - 1);
  const values = new Float32Array(states * width);
  for (let i = 0; i < values.length; i++) {
    const [state, column] = [Math.floor(i / width), i % width];
    const angle = Math.fround(state * Math.fround(Math.exp(-step * (column % half))));
    values[i] = column < half ? Math.sin(angle) : Math.cos(angle);
  }
  return values;
}

/**
 * Whisper's blocks over sounds of any length, cut into chunks (Qwen2.5-Omni; Xu et al., 2025, arXiv 2503.20215). Grids are [frames of
 * sound], values [bands, frames].
 */
export class ChunkedSoundTower extends MediaTower {
  readonly stem: SoundStem;
  readonly layers: VisionBlock[];
  readonly ln_post: LayerNorm;
  readonly projector: AudioProjector;

  /** @param names where the parts lie in checkpoints */
  constructor(
    private readonly size: ChunkedSoundSize,
    stem: SoundStem,
    projector: AudioProjector,
    names: Names,
  ) {
    super();
    this.names = names;
    this.stem = stem;
    this.layers = soundBlocks(size);
    this.ln_post = new LayerNorm(size.width, size.eps);
    this.projector = projector;
  }

  features([frames]: Grid): number {
    return Math.floor(this.states(frames) / this.size.pool);
  }

  smallest(): readonly Medium[] {
    const { bands, chunk } = this.size;
    return [{ kind: 'audio', values: new Float32Array(bands * chunk), grid: [chunk] }];
  }

  /**
   * `audio_values` [C, bands, T] of all chunks; `audio_real` [C, 1, T], 1 at frames; `audio_places` [S, W], sinusoids; `audio_states` int32
   * [M · L], the states of chunks in the windows that see each other; `audio_mask` [M, L], additive; `audio_rows` int32 [F · pool], the states of
   * windows that become features
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { bands, chunk, together, pool, width } = this.size;
    const each = this.stem.states(chunk);
    const window = each * together;
    const frames = media.map(({ grid }) => grid[0]);
    const chunks = roomFor(sum(frames.map((count) => Math.ceil(count / chunk))), 1);
    const windows = roomFor(sum(frames.map((count) => Math.ceil(this.states(count) / window))), 1);
    const features = roomFor(sum(media.map(({ grid }) => this.features(grid))), 16);
    const mel = new Float32Array(chunks * bands * chunk);
    const real = new Float32Array(chunks * chunk);
    const states = new Int32Array(windows * window);
    const mask = new Float32Array(windows * window);
    const rows = new Int32Array(features * pool);
    let [firstChunk, firstWindow, feature] = [0, 0, 0];
    media.forEach(({ values, grid: [count] }) => {
      for (let start = 0; start < count; start += chunk) {
        const end = Math.min(count, start + chunk);
        const at = firstChunk + start / chunk;
        real.fill(1, at * chunk, at * chunk + end - start);
        for (let band = 0; band < bands; band++)
          mel.set(values.subarray(band * count + start, band * count + end), (at * bands + band) * chunk);
      }
      const own = this.states(count);
      const place = firstWindow * window;
      // All chunks of a sound but the last have as many states.
      for (let i = 0; i < own; i++) states[place + i] = firstChunk * each + i;
      const last = Math.ceil(own / window);
      mask.fill(MASKED, place + own, place + last * window);
      for (let i = 0; i < this.features([count]) * pool; i++) rows[feature++] = place + i;
      firstChunk += Math.ceil(count / chunk);
      firstWindow += last;
    });
    const float = (shape: readonly number[], data: Float32Array) =>
      ({ dtype: 'float32', shape, data }) as const;
    const int = (data: Int32Array) => ({ dtype: 'int32', shape: [data.length], data }) as const;
    return {
      audio_values: float([chunks, bands, chunk], mel),
      audio_real: float([chunks, 1, chunk], real),
      audio_places: float([each, width], sinusoids(each, width)),
      audio_states: int(states),
      audio_mask: float([windows, window], mask),
      audio_rows: int(rows),
    };
  }

  stages({ audio_values, audio_mask }: InputShapes): readonly Stage[] {
    if (!audio_values) return [];
    const [windows, window] = audio_mask.shape;
    const { width, pool } = this.size;
    const embed: Stage = {
      reads: ['audio_values', 'audio_real', 'audio_places', 'audio_states'],
      forward: (scope, { audio_values: mel, audio_real, audio_places, audio_states }) => {
        const states = add(this.stem.forward(scope, mel, audio_real), audio_places);
        const flat = reshape(states, [states.shape[0] * states.shape[1], width]);
        return { heard: reshape(gather(flat, audio_states), [windows, window, width]) };
      },
    };
    const blocks = this.layers.map((block): Stage => ({
      reads: ['heard', 'audio_mask'],
      forward: (scope, { heard, audio_mask: row }) => {
        const mask = expand(reshape(row, [windows, 1, window]), [windows, window, window]);
        return { heard: block.forward(scope, heard, { mask }) };
      },
    }));
    const finish: Stage = {
      reads: ['heard', 'audio_rows'],
      forward: (scope, { heard, audio_rows }) => {
        const rows = gather(reshape(heard, [windows * window, width]), audio_rows);
        const pooled = pool === 1 ? rows : meanOf(rows, pool);
        return { features: this.projector.forward(scope, this.ln_post.forward(scope, pooled)) };
      },
    };
    return [embed, ...blocks, finish];
  }

  /** States of a sound of so many frames. */
  private states(frames: number): number {
    const { chunk } = this.size;
    const rest = frames % chunk;
    return Math.floor(frames / chunk) * this.stem.states(chunk) + this.stem.states(rest);
  }
}

/** Of each `count` neighbouring rows: [F · count, W] -> [F, W]. */
function meanOf(rows: Tensor, count: number): Tensor {
  const [length, width] = rows.shape;
  return reduceMean(reshape(rows, [length / count, count, width]), [1]);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
