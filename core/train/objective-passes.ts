import type { Sample } from '../contracts/template.js';
import type { TokenQuantity, TokenValues } from '../nn/token-values.js';
import type { Group, Objective, ObjectiveResult, StepTotals, Sum } from '../contracts/trainer.js';
import { sequencesOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { firstNonFinite } from '../io/non-finite.js';
import type { TrainEngine } from '../runtime/train-engine.js';
import { microBatches, supervisedTokens, type MicroBatch, type MicroBatchOptions } from '../data/micro-batches.js';
import type { Passes, PassResult } from './passes.js';
import type { Reference } from './reference.js';
import { tokenSpans } from './token-spans.js';

/** A trainer's own objective between the two halves of a pass. */
export class ObjectivePasses implements Passes {
  private readonly quantities: readonly TokenQuantity[];

  constructor(
    private readonly engine: TrainEngine,
    private readonly layout: MicroBatchOptions,
    private readonly objective: Objective,
    private readonly reference?: Reference,
  ) {
    // Gradients begin there, whether or not the loss reads it.
    this.quantities = [...new Set<TokenQuantity>(['logp', ...objective.quantities])];
  }

  async train(samples: readonly Sample[], dropout: (i: number) => () => number): Promise<PassResult> {
    const sums = new Sums();
    const batches = microBatches(samples, this.layout);
    const step = totalsOf(batches);
    for (const [i, batch] of batches.entries()) {
      const pass = await this.engine.forward(batch, dropout(i));
      const values = await this.engine.measure(pass, this.quantities);
      const { result, cotangents } = await this.judge(batch, step, values, 1 / samples.length);
      const balance = await this.engine.backward(pass, cotangents, batch.of.length / samples.length);
      sums.add(result, cotangents.length, balance * samples.length);
    }
    return sums.over(samples.length);
  }

  async evaluate(samples: readonly Sample[]): Promise<PassResult> {
    const sums = new Sums();
    const batches = microBatches(samples, this.layout);
    const step = totalsOf(batches);
    for (const batch of batches) {
      const values = await this.engine.tokenValues(batch, this.quantities);
      const { result, cotangents } = await this.judge(batch, step, values, 1);
      sums.add(result, cotangents.length, 0);
    }
    return sums.over(samples.length);
  }

  /** The objective of a batch. @param scale factor on the gradient of each token's log-probability */
  private async judge(
    batch: MicroBatch,
    step: StepTotals,
    values: TokenValues,
    scale: number,
  ): Promise<{ result: ObjectiveResult; cotangents: Float32Array }> {
    const reference = await this.reference?.logp(batch);
    if (reference && firstNonFinite(reference) >= 0) throw nonFiniteReference();
    const bySample = tokenSpans(batch);
    const at = bySample.values();
    const groups = batch.of.map((sample): Group =>
      sequencesOf(sample).map(({ answer }) => {
        const [start, end] = at.next().value!;
        const part = Object.entries(values).map(([name, all]) => [name, all.subarray(start, end)] as const);
        return {
          values: Object.fromEntries(part) as unknown as TokenValues,
          reference_logp: reference?.subarray(start, end) ?? new Float32Array(),
          answer,
        };
      }),
    );
    const result = this.objective.loss(groups, step);
    const cotangents = new Float32Array(values.logp.length);
    result.cotangents.flat().forEach((own, i) => cotangents.set(own, bySample[i][0]));
    return { result, cotangents: cotangents.map((value) => value * scale) };
  }
}

function totalsOf(batches: readonly MicroBatch[]): StepTotals {
  return {
    groups: batches.reduce((sum, { of }) => sum + of.length, 0),
    tokens: batches.reduce((sum, batch) => sum + supervisedTokens(batch), 0),
  };
}

const nonFiniteReference = (): SwiftError =>
  new SwiftError(
    'NON_FINITE_WEIGHT',
    'the reference model gives a token the log-probability NaN or infinity',
    {
      cure: 'Its weights are damaged, or too large for their format: ask it something with swift infer.',
      exitCode: 1,
    },
  );

/** What the micro-batches of a step come to. */
class Sums {
  private loss = 0;
  private supervised = 0;
  private readonly metrics = new Map<string, Sum>();

  add({ loss, metrics }: ObjectiveResult, supervised: number, balance: number): void {
    this.loss += loss + balance;
    this.supervised += supervised;
    for (const [name, { sum, count }] of Object.entries(metrics)) {
      const before = this.metrics.get(name) ?? { sum: 0, count: 0 };
      this.metrics.set(name, { sum: before.sum + sum, count: before.count + count });
    }
  }

  over(groups: number): PassResult {
    const metrics = [...this.metrics].map(([name, { sum, count }]) => [name, count > 0 ? sum / count : 0]);
    const { supervised } = this;
    return { loss: this.loss / groups, supervised, metrics: Object.fromEntries(metrics) };
  }
}
