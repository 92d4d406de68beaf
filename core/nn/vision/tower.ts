/** What sees: pictures to features that stand in the place of token embeddings. */
import type { HostTensor } from '../../graph/index.js';
import { Module } from '../module.js';
import type { Stage } from '../stage.js';

/** Patches of a picture: in time, down, across. */
export type Grid = readonly [frames: number, rows: number, columns: number];

/** A picture as its processor leaves it. */
export interface Picture {
  /** As the tower takes them, float32. */
  readonly pixels: Float32Array;
  readonly grid: Grid;
}

/** Where the features of a picture lie among the tokens of a sample. */
export interface MediaSpan {
  readonly start: number;
  readonly grid: Grid;
}

/** Shapes of a batch's inputs, by port. */
export type InputShapes = Readonly<Record<string, Pick<HostTensor, 'shape'>>>;

export abstract class VisionTower extends Module {
  /** How many features a picture becomes. */
  abstract features(grid: Grid): number;
  /** A picture of zeros, the smallest that it takes. */
  abstract smallest(): Picture;
  /** What its stages read of the pictures of a batch, by port; at least `pixel_values`. */
  abstract inputs(pictures: readonly Picture[]): Readonly<Record<string, HostTensor>>;
  /** From there to the port `features` [F, D], one picture's behind the other's; rows after the last may be padding. */
  abstract stages(inputs: InputShapes): readonly Stage[];
}
