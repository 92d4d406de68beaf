import type { Sample } from '../contracts/template.js';
import type { TokenQuantity, TokenValues } from '../nn/token-values.js';
import type { Group, Objective, ObjectiveResult, StepTotals, Sum, Told } from '../contracts/trainer.js';
import { mismatched } from '../data/mismatched.js';
import { longestOf, sequencesOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { firstNonFinite } from '../io/non-finite.js';
import { isOfSequence, type ReadingName } from '../nn/readings.js';
import type { Cotangents, TrainEngine } from '../runtime/train-engine.js';
import {
  microBatches,
  supervisedTokens,
  type MicroBatch,
  type MicroBatchOptions,
} from '../data/micro-batches.js';
import type { Passes, PassResult } from './passes.js';
import type { Reference } from './reference.js';
import type { Teaching } from './teaching.js';
import { tokenSpans } from './token-spans.js';

/** A trainer's own objective between the two halves of a pass. */
export class ObjectivePasses implements Passes {
  private readonly quantities: readonly TokenQuantity[];
  private readonly readings: readonly ReadingName[];

  constructor(
    private readonly engine: TrainEngine,
    private readonly layout: MicroBatchOptions,
    private readonly objective: Objective,
    private readonly reference?: Reference,
    /** Whose predictions a divergence is taken from. */
    private readonly teacher?: Teaching,
  ) {
    this.readings = objective.readings ?? [];
    // Gradients begin there, whether or not the loss reads it.
    const first: readonly TokenQuantity[] = this.readings.length > 0 ? [] : ['logp'];
    this.quantities = [...new Set([...first, ...objective.quantities])];
  }

  async train(samples: readonly Sample[], dropout: (i: number) => () => number): Promise<PassResult> {
    const told = await this.survey(samples);
    const sums = new Sums();
    const batches = microBatches(samples, this.layout);
    const step = totalsOf(batches);
    for (const [i, batch] of batches.entries()) {
      const pass = await this.engine.forward(batch, dropout(i));
      const values = this.quantities.length > 0 ? await this.engine.measure(pass, this.quantities) : {};
      const taught = await this.teacher?.teach(batch);
      const readings: Partial<Record<ReadingName, Float32Array>> = {};
      for (const name of this.readings) readings[name] = await this.engine.read(pass, name, taught?.logits);
      const groups = await this.groups(batch, values, readings);
      const result = this.objective.loss(groups, batch.of.map(told), step);
      const cotangents = cotangentsOf(result, 1 / samples.length);
      const share = batch.of.length / samples.length;
      const balance = await this.engine.backward(pass, cotangents, share, taught?.logits);
      taught?.release();
      sums.add(result, supervisedTokens(batch), balance * samples.length);
    }
    return sums.over(samples.length);
  }

  async evaluate(samples: readonly Sample[]): Promise<PassResult> {
    const told = await this.survey(samples);
    const sums = new Sums();
    const batches = microBatches(samples, this.layout);
    const step = totalsOf(batches);
    for (const batch of batches) {
      const values = this.quantities.length > 0 ? await this.engine.tokenValues(batch, this.quantities) : {};
      const taught = await this.teacher?.teach(batch);
      const readings: Partial<Record<ReadingName, Float32Array>> = {};
      for (const name of this.readings)
        readings[name] = await this.engine.readValues(batch, name, taught?.logits);
      taught?.release();
      const groups = await this.groups(batch, values, readings);
      const result = this.objective.loss(groups, batch.of.map(told), step);
      sums.add(result, supervisedTokens(batch), 0);
    }
    return sums.over(samples.length);
  }

  /** What each sample of a step is told of the others. */
  private async survey(samples: readonly Sample[]): Promise<(sample: Sample) => Told> {
    const { survey } = this.objective;
    if (!survey) return () => [];
    const asked = survey.of === 'rows' ? samples : mismatched(samples, this.longestOf(samples));
    const groups = new Map<Sample, Group>();
    for (const batch of microBatches(asked, this.layout)) {
      const values = this.quantities.length > 0 ? await this.engine.tokenValues(batch, ['logp']) : {};
      const readings: Partial<Record<ReadingName, Float32Array>> = {};
      for (const name of this.readings) readings[name] = await this.engine.readValues(batch, name);
      const found = await this.groups(batch, values, readings);
      batch.of.forEach((sample, i) => groups.set(sample, found[i]));
    }
    const told = survey.tell(asked.map((sample) => groups.get(sample)!));
    const bySample = new Map(samples.map((sample, i) => [sample, told[i]]));
    return (sample) => bySample.get(sample)!;
  }

  /** Tokens that a sequence may have beside those of a step. */
  private longestOf(samples: readonly Sample[]): number {
    return Math.max(longestOf(samples), Math.min(this.layout.lengths.at(-1)!, this.engine.positions));
  }

  /** What is known of a batch's samples. @param values of its supervised tokens */
  private async groups(
    batch: MicroBatch,
    values: Partial<TokenValues>,
    readings: Partial<Readonly<Record<ReadingName, Float32Array>>> = {},
  ): Promise<Group[]> {
    const reference = await this.reference?.logp(batch);
    if (reference && firstNonFinite(reference) >= 0) throw nonFiniteReference();
    const at = tokenSpans(batch).entries();
    return batch.of.map((sample) =>
      sequencesOf(sample).map(({ label, margin, channel, answer }) => {
        const [i, [start, end]] = at.next().value!;
        const part = Object.entries(values).map(([name, all]) => [name, all.subarray(start, end)] as const);
        const read = Object.entries(readings).map(([name, all]) => {
          const width = all.length / batch.samples.length;
          const ofSequence = all.subarray(i * width, (i + 1) * width);
          return [name, isOfSequence(name) ? ofSequence : all.subarray(start, end)] as const;
        });
        return {
          values: Object.fromEntries(part) as unknown as TokenValues,
          readings: Object.fromEntries(read),
          reference_logp: reference?.subarray(start, end) ?? new Float32Array(),
          label,
          margin,
          channel,
          answer,
        };
      }),
    );
  }
}

function totalsOf(batches: readonly MicroBatch[]): StepTotals {
  return {
    groups: batches.reduce((sum, { of }) => sum + of.length, 0),
    sequences: batches.reduce((sum, { samples }) => sum + samples.length, 0),
    tokens: batches.reduce((sum, batch) => sum + supervisedTokens(batch), 0),
  };
}
/** Gradients of a batch: by log-probabilities where these are read, and by readings. */
function cotangentsOf({ cotangents, reading_cotangents = [] }: ObjectiveResult, scale: number): Cotangents {
  const byLogp = joined(cotangents.flat(), scale);
  const readings = reading_cotangents.flat();
  const names = Object.keys(readings[0] ?? {}) as ReadingName[];
  return {
    ...(byLogp.length > 0 && { logp: byLogp }),
    ...Object.fromEntries(
      names.map((name) => [
        name,
        joined(
          readings.map((own) => own[name]!),
          scale,
        ),
      ]),
    ),
  };
}

/** Arrays of sequences as one of a batch. */
function joined(parts: readonly Float32Array[], scale: number): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) for (const value of part) all[at++] = value * scale;
  return all;
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
    for (const [name, sum] of Object.entries(metrics)) {
      const before = this.metrics.get(name);
      this.metrics.set(name, before ? added(before, sum) : sum);
    }
  }

  over(groups: number): PassResult {
    const means = [...this.metrics].map(([name, sum]) => [name, meanOf(sum)] as const);
    return {
      loss: this.loss / groups,
      supervised: this.supervised,
      metrics: Object.fromEntries(means.filter(([, mean]) => mean !== undefined)) as Record<string, number>,
    };
  }
}

function added(one: Sum, other: Sum): Sum {
  const less = one.less && other.less ? added(one.less, other.less) : (one.less ?? other.less);
  return { sum: one.sum + other.sum, count: one.count + other.count, less };
}

/** Undefined over nothing. */
function meanOf({ sum, count, less }: Sum): number | undefined {
  if (count === 0) return undefined;
  const mean = sum / count;
  if (less === undefined) return mean;
  const other = meanOf(less);
  return other === undefined ? undefined : mean - other;
}
