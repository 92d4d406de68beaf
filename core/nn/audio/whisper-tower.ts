import { concat, gather, MASKED, reshape, type HostTensor } from '../../graph/index.js';
import { MediaTower, type CrossedRows, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import type { Names } from '../module.js';
import type { Stage } from '../stage.js';
import { roomFor, roomInSteps } from '../vision/room.js';
import type { AudioProjector } from './audio-projector.js';
import type { WhisperEncoder } from './whisper-encoder.js';

/**
 * Sounds as frames of log-mel, each heard by itself, and what leads into the language model. Grids are [frames of sound], values
 * [bands, frames or more]. No state sees the silence behind a sound: as many frames are computed as the longest one of a batch has.
 * Without a projector tokens attend to the encoder's states, one token a sound.
 */
export class WhisperTower extends MediaTower {
  readonly audio: WhisperEncoder;
  readonly projector?: AudioProjector;

  /** @param names where the two parts lie in checkpoints */
  constructor(audio: WhisperEncoder, projector: AudioProjector | undefined, names: Names) {
    super();
    this.audio = audio;
    this.projector = projector;
    this.names = names;
  }

  features(grid: Grid): number {
    return this.projector ? this.rows(grid) + (this.projector.marks ? 2 : 0) : 1;
  }

  override crossed(grid: Grid): CrossedRows {
    const rows = this.rows(grid);
    return { rows, held: rows };
  }

  smallest(): readonly Medium[] {
    const frames = 2 * this.each;
    return [{ kind: 'audio', values: new Float32Array(this.audio.size.bands * frames), grid: [frames] }];
  }

  /** `audio_values` [N, bands, T]; `audio_mask` [N, T / 2], additive; `audio_rows` int32, the states of `heard` that are features, behind marks; `audio_frames` [N, 1, T], 1 at those of sounds, where the encoder asks. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { bands, positions } = this.audio.size;
    const clips = roomFor(media.length, 1);
    const longest = Math.max(...media.map(({ values }) => values.length / bands));
    const frames = Math.min(2 * positions, roomInSteps(longest, 2 * this.each));
    const [length, rows] = [frames / 2, frames / 2 / this.each];
    const marks = this.projector?.marks ? 2 : 0;
    const mel = new Float32Array(clips * bands * frames);
    const mask = new Float32Array(clips * length);
    const kept = new Int32Array(clips * (rows + marks));
    const real = new Float32Array(clips * frames);
    let feature = 0;
    media.forEach(({ values, grid }, clip) => {
      const own = values.length / bands;
      for (let band = 0; band < bands; band++)
        mel.set(values.subarray(band * own, (band + 1) * own), (clip * bands + band) * frames);
      real.fill(1, clip * frames, clip * frames + grid[0]);
      mask.fill(MASKED, clip * length + statesOf(grid[0]), (clip + 1) * length);
      if (marks) kept[feature++] = 0;
      for (let i = 0; i < this.rows(grid); i++) kept[feature++] = marks + clip * rows + i;
      if (marks) kept[feature++] = 1;
    });
    return {
      audio_values: { dtype: 'float32', shape: [clips, bands, frames], data: mel },
      audio_mask: { dtype: 'float32', shape: [clips, length], data: mask },
      audio_rows: { dtype: 'int32', shape: [kept.length], data: kept },
      ...(this.audio.size.ends && {
        audio_frames: { dtype: 'float32', shape: [clips, 1, frames], data: real },
      }),
    };
  }

  stages({ audio_values }: InputShapes): readonly Stage[] {
    if (!audio_values) return [];
    const [clips, , frames] = audio_values.shape;
    const finish: Stage = {
      reads: ['heard', 'audio_rows'],
      forward: (scope, { heard, audio_rows }) => {
        const { projector } = this;
        const together = projector?.states ?? 1;
        const states = reshape(heard, [(clips * heard.shape[1]) / together, heard.shape[2] * together]);
        if (!projector?.marks) {
          const kept = gather(states, audio_rows);
          return { features: projector?.forward(scope, kept) ?? kept };
        }
        const all = concat([scope.param(projector.marks), projector.forward(scope, states)], 0);
        return { features: gather(all, audio_rows) };
      },
    };
    return [...this.audio.stages(clips, frames), finish];
  }

  /** Features of a sound, without marks. */
  private rows([frames]: Grid): number {
    return Math.floor(statesOf(frames) / this.each);
  }

  /** States of the encoder for one feature. */
  private get each(): number {
    return this.audio.size.pool * (this.projector?.states ?? 1);
  }
}

/** States that hear so many frames. */
const statesOf = (frames: number): number => Math.ceil(frames / 2);
