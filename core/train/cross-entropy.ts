import type { Sample } from '../contracts/template.js';
import type { TrainEngine } from '../runtime/train-engine.js';
import { microBatches, supervisedTokens, type MicroBatchOptions } from '../data/micro-batches.js';
import type { Optimized } from './optimized.js';
import type { Passes, PassResult } from './passes.js';

/** Cross entropy of the supervised tokens, weighted as the trainer says; the head runs forward and back at once. */
export class CrossEntropy implements Passes {
  readonly measures = ['loss', 'acc'];

  constructor(
    private readonly engine: TrainEngine,
    private readonly layout: MicroBatchOptions,
    /** Of each position, where some weigh other than 1. */
    private readonly tokenWeights: Optimized['tokenWeights'],
  ) {}

  async train(samples: readonly Sample[], dropout: (i: number) => () => number): Promise<PassResult> {
    const batches = this.batches(samples);
    const supervised = batches.reduce((sum, batch) => sum + supervisedTokens(batch), 0);
    let [loss, correct] = [0, 0];
    for (const [i, batch] of batches.entries()) {
      const part = await this.engine.accumulate(batch, 1 / supervised, dropout(i));
      loss += part.loss / supervised;
      correct += part.correct;
    }
    return { loss, supervised, correct, metrics: {} };
  }

  async evaluate(samples: readonly Sample[]): Promise<PassResult> {
    let [loss, supervised, correct] = [0, 0, 0];
    for (const batch of this.batches(samples)) {
      const part = await this.engine.evaluate(batch);
      loss += part.loss;
      correct += part.correct;
      supervised += supervisedTokens(batch);
    }
    return { loss: loss / supervised, supervised, correct, metrics: {} };
  }

  private batches(samples: readonly Sample[]) {
    const weighted = samples.map((sample) => {
      const loss_scale = this.tokenWeights(sample);
      return loss_scale ? { ...sample, loss_scale } : sample;
    });
    return microBatches(weighted, this.layout);
  }
}
