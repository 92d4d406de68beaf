import type { Backend } from '../contracts/backend.js';
import type { CausalLM } from '../nn/index.js';
import type { Batch } from '../contracts/batch.js';
import { supervisedTokens } from '../data/micro-batches.js';
import { TrainEngine, type TrainEngineOptions } from '../runtime/train-engine.js';

/** How far 8-bit arithmetic is from float32 on one micro-batch. */
export interface Calibration {
  /** Mean cross entropy of the supervised tokens, in nats. */
  readonly loss: { readonly fp32: number; readonly int8: number };
  /** Cosine between the gradients of all trained parameters together. */
  readonly gradientCosine: number;
}

/** Loss and gradients of one micro-batch in both precisions, with the same dropout masks. */
export async function calibrate(
  { model, backend, options }: { model: CausalLM; backend: Backend; options: TrainEngineOptions },
  batch: Batch,
  uniform: () => () => number,
): Promise<Calibration> {
  const measure = async (precision: 'fp32' | 'int8') => {
    const engine = new TrainEngine(backend, model, { ...options, precision });
    try {
      const { loss } = await engine.accumulate(batch, 1, uniform());
      return { loss, gradients: [...engine.gradients.values()] };
    } finally {
      await engine.release();
    }
  };
  const [exact, rounded] = [await measure('fp32'), await measure('int8')];
  let [dot, left, right] = [0, 0, 0];
  exact.gradients.forEach((gradient, i) => {
    const other = rounded.gradients[i];
    for (let j = 0; j < gradient.length; j++) {
      dot += gradient[j] * other[j];
      left += gradient[j] ** 2;
      right += other[j] ** 2;
    }
  });
  const supervised = supervisedTokens(batch);
  return {
    loss: { fp32: exact.loss / supervised, int8: rounded.loss / supervised },
    gradientCosine: dot / Math.sqrt(left * right),
  };
}
