/** What sees and hears: media to features that stand in the place of token embeddings. */
import type { HostTensor } from '../../graph/index.js';
import { Module } from '../module.js';
import type { Stage } from '../stage.js';
import type { MediaKind } from './kinds.js';

/**
 * How a medium is laid out, in numbers that a family's processor and tower agree on. Where tokens have positions on three
 * axes: patches in time, down, across; behind these may stand seconds, by which a family places or names a video's frames.
 */
export type Grid = readonly number[];

/** A picture, video or sound as its processor leaves it. */
export interface Medium {
  readonly kind: MediaKind;
  /** As the tower takes them, float32. */
  readonly values: Float32Array;
  readonly grid: Grid;
  /** Ids of the text that the tower reads with it. */
  readonly read?: readonly number[];
}

/** Features of a medium in a row among the tokens of a sample. */
export interface MediaSpan {
  readonly start: number;
  readonly length: number;
  /** Of the whole medium. */
  readonly grid: Grid;
  /** See `Medium`. */
  readonly read?: readonly number[];
  /** Whether it is a sound; pictures and videos when absent. */
  readonly heard?: boolean;
}

/** Shapes of a batch's inputs, by port. */
export type InputShapes = Readonly<Record<string, Pick<HostTensor, 'shape'>>>;

/** The port of features for the hidden states behind block `layer`. */
export const deepPort = (layer: number): string => `deep.${layer}`;

/** Rows of features that one token of a medium stands for, where tokens attend to features. */
export interface CrossedRows {
  readonly rows: number;
  /** How many of them, the first ones, hold some of it; the others are padding. */
  readonly held: number;
}

export abstract class MediaTower extends Module {
  /** How many tokens stand for a medium: as many as it has features, where these stand in the tokens' places. */
  abstract features(grid: Grid, kind: MediaKind): number;
  /** How many ports `deep.0`, … [F, D] it writes beside `features`, for the hidden states behind as many first blocks. */
  get deep(): number {
    return 0;
  }

  /** How many tokens of a text it can read with a medium; absent where it reads none. */
  mostRead?(grid: Grid): number;

  /** Where blocks look at features: those that one token of a medium stands for. */
  crossed(_grid: Grid): CrossedRows {
    throw new Error('features of this tower stand in the places of tokens');
  }

  /** Media of zeros, the smallest that it takes, which pass all of it. */
  abstract smallest(): readonly Medium[];
  /** What its stages read of the media of a batch, by port. */
  abstract inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>>;
  /**
   * From there to the port `features` [F, D], one medium's behind the other's; rows after the last may be padding. None where
   * the inputs are not there.
   */
  abstract stages(inputs: InputShapes): readonly Stage[];
}
