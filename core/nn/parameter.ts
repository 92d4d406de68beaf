import { sizeOf, type Shape } from '../graph/index.js';

/** A named tensor of a model. Symbolic until `data` is bound. */
export class Parameter {
  /** Row-major float32 values; absent until a checkpoint or an initializer fills them. */
  data?: Float32Array;
  /** Whether training computes a gradient for it. */
  trainable = false;

  constructor(readonly shape: Shape) {}

  get size(): number {
    return sizeOf(this.shape);
  }
}
