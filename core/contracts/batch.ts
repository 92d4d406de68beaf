import type { HostTensor } from './backend.js';
import type { SampleMedia } from './processor.js';

/** Tokens of one forward and backward pass: `batch` rows of `seq` positions, row-major, padded on the right. */
export interface Batch {
  readonly batch: number;
  readonly seq: number;
  /** [B, T] */
  readonly input_ids: Int32Array;
  /** The id itself where supervised, −100 elsewhere, unshifted; −100 at the first position of each sample. [B, T] */
  readonly labels: Int32Array;
  /** From 0 within each sample; 0 at padding. [B, T] */
  readonly position_ids: Int32Array;
  /** 1, 2, ... by sample of a row, 0 at padding. Only where rows hold several samples. [B, T] */
  readonly segment_ids?: Int32Array;
  /** Weight of each position's cross entropy when predicted; 1 when absent. [B, T] */
  readonly loss_weights?: Float32Array;
  /** Where each sample lies, in the order they were laid out. */
  readonly samples: readonly SampleSpan[];
  /** What stands among the tokens of each sample beside text; absent where no sample has any. */
  readonly media?: readonly (SampleMedia | undefined)[];
  /** Positions of tokens on three axes, where the model has them and there are media, int32 [3, B, T]; 0 at padding. */
  readonly rope_positions?: Int32Array;
  /** What a model's stages read beside tokens, by the names of their ports. */
  readonly inputs?: Readonly<Record<string, HostTensor>>;
}

/** The place of a sample among the B·T positions of a batch. */
export interface SampleSpan {
  readonly start: number;
  readonly length: number;
}
