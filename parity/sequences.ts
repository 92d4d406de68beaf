/** Models that read sequences as a whole, compared with what scripts/fixtures/sequences.py recorded. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../core/contracts/backend.js';
import type { Sample } from '../core/contracts/template.js';
import type { RowLabel } from '../core/contracts/row.js';
import { rowLengths } from '../core/data/micro-batches.js';
import type { LoadedModel } from '../core/model/load-model.js';
import { TrainEngine } from '../core/runtime/train-engine.js';
import { SequenceReader } from '../core/sdk/sequence-reader.js';
import { ObjectivePasses } from '../core/train/objective-passes.js';
import { optimizedBy } from '../core/train/optimized.js';
import {
  architectureOf,
  fixture,
  loadCase,
  plugins,
  readJson,
  readTensors,
  type LoadCaseOptions,
} from './cases.js';
import { gradientDistance, largestDifference, withoutPrefix, type Distances } from './measure.js';

export interface SequenceOracle {
  readonly title: string;
  readonly model_type?: string;
  /** Trainer whose loss it is; absent: nothing trains the model. */
  readonly task?: 'seq_cls' | 'embedding' | 'reranker' | 'rm';
  readonly options?: Readonly<Record<string, unknown>>;
  readonly oracle?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Id of the token that ends a step. */
  readonly mark?: number;
  /** Ids, a group for each row. */
  readonly sequences: readonly (readonly (readonly number[])[])[];
  /** Of a row's sequences, where they have any. */
  readonly labels: readonly (readonly RowLabel[])[];
  /** Scores or vector of each. */
  readonly values: readonly (readonly (readonly number[])[])[];
  readonly loss?: number;
}

export interface SequenceCase {
  readonly id: string;
  readonly folder: string;
  readonly architecture: string;
  readonly oracle: SequenceOracle;
}

export function sequenceCase(id: string): SequenceCase {
  const folder = fixture('sequences', id);
  return { id, folder, architecture: architectureOf(folder), oracle: readJson(join(folder, 'oracle.json')) };
}

export const sequenceCases = (): SequenceCase[] => readdirSync(fixture('sequences')).sort().map(sequenceCase);

/** Loads it as `swift` does. */
export async function loadSequenceCase(
  { folder, oracle: { model_type, mark } }: Pick<SequenceCase, 'folder' | 'oracle'>,
  options: LoadCaseOptions = {},
): Promise<LoadedModel> {
  const loaded = await loadCase({ folder, oracle: { model_type } }, options);
  // The tokenizer that is lent has no such token.
  const { reads } = loaded.model;
  if (mark !== undefined && typeof reads === 'object') loaded.model.mark_ids = new Map([[reads.token, mark]]);
  return loaded;
}

/** The rows of a step. */
export function rowsOf({ sequences, labels }: SequenceOracle): Sample[] {
  return sequences.map((group, row) => {
    const [first, ...partners] = group.map((ids, i): Sample => ({
      input_ids: ids,
      labels: ids.map(() => -100),
      ...(labels[row][i] !== undefined && { label: labels[row][i] }),
    }));
    return partners.length === 0 ? first : { ...first, partners };
  });
}

/** What trains a model on the rows of a case, with cosines against labels where it makes vectors. */
export async function passesOf(
  { model }: LoadedModel,
  { task, options = {} }: SequenceOracle,
  backend: Backend,
) {
  const engine = new TrainEngine(backend, model, { residuals: 'save' });
  const { instance } = await plugins().resolve('trainer', task!);
  const told = {
    ...(task === 'embedding' && { loss_type: 'cosine_similarity' }),
    ...(task === 'reranker' && {
      loss_type: 'pointwise_reranker',
      max_positive_samples: 1,
      max_negative_samples: 7,
    }),
    ...(task === 'rm' && { center_rewards_coefficient: 0 }),
    ...options,
  };
  const layout = { lengths: rowLengths(64), padTokenId: 0, packs: model.packs };
  return { engine, passes: new ObjectivePasses(engine, layout, optimizedBy(instance, told).objective!) };
}

/**
 * Loads a case and compares all that it computes with what the oracle computed: `logits` are scores or states of sequences read alone,
 * `padded` those of all of them together, beside each other and beside padding. Nothing is written, and a model that nothing trains
 * has no loss.
 */
/** What a gradient is that the oracle leaves out: nothing but rounding. */
const ROUNDING = 1e-6;

export async function measureSequences(parity: SequenceCase, backend: Backend): Promise<Distances> {
  const { folder, oracle } = parity;
  const loaded = await loadSequenceCase(parity);
  const expected = oracle.values.flat();
  const largest = expected.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const apart = (found: readonly Float32Array[]): number =>
    found.reduce((most, one, i) => Math.max(most, largestDifference(one, expected[i])), 0) / largest;
  const reader = new SequenceReader(loaded.model, backend);
  const name = oracle.task === 'embedding' ? 'pooled' : 'score';
  const samples = oracle.sequences
    .flat()
    .map((ids): Sample => ({ input_ids: ids, labels: ids.map(() => -100) }));
  const together = await reader.read(samples, name);
  const alone: Float32Array[] = [];
  for (const sample of samples) alone.push(...(await reader.read([sample], name)));
  await reader.release();
  const read = { logits: apart(alone), padded: apart(together), generated: 0, asked: 0 };
  if (oracle.task === undefined) return { ...read, loss: 0, gradients: 0 };
  for (const [, parameter] of loaded.model.parameters()) parameter.trainable = true;
  const { engine, passes } = await passesOf(loaded, oracle, backend);
  const { loss } = await passes.train(rowsOf(oracle), () => () => 0.5);
  const gradients = new Map(
    [...loaded.model.namedParameters()].map(([path, parameter]) => [
      loaded.origin.names.get(path) ?? path,
      engine.gradients.get(parameter)!,
    ]),
  );
  await engine.release();
  const theirs = withoutPrefix(await readTensors(join(folder, 'oracle.safetensors')));
  const isWhole = [...gradients].every(
    ([path, values]) => theirs.has(path) || values.every((value) => Math.abs(value) <= ROUNDING),
  );
  return {
    ...read,
    loss: Math.abs(loss - oracle.loss!),
    gradients: isWhole ? gradientDistance(gradients, theirs) : Infinity,
  };
}
