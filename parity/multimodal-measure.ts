/** Distances of the models that see, in the terms of the others (measure.ts). */
import type { Backend } from '../core/contracts/backend.js';
import { collate } from '../core/data/collate.js';
import type { CausalLM } from '../core/nn/index.js';
import { Together } from './together.js';
import { seen } from '../core/runtime/media-inputs.js';
import { gradientsOf, logitsOf, supervisedCount } from './compute.js';
import { gradientDistance, largestDifference, withoutPrefix, type Distances } from './measure.js';
import { loadMultimodal, type MultimodalCase, type SeeingSample } from './multimodal-case.js';

export async function measureMultimodal(id: string, backend: Backend): Promise<Distances> {
  const loaded = await loadMultimodal(id);
  const { model, samples, expected, oracle } = loaded;
  const alone = samples.map((sample) => [[sample]]);
  const apart = await Promise.all(alone.map((rows) => logitsDistance(loaded, rows, backend)));
  const beside = model.packs ? [samples] : samples.map((sample) => [sample]);
  const together = await logitsDistance(loaded, beside, backend);
  const { loss, gradients } = await seeingGradients(model, samples, backend);
  const answers = await greedyAnswers(loaded, backend);
  const wanted = oracle.samples.map(({ generated }) => generated);
  return {
    logits: Math.max(...apart),
    padded: together,
    loss: Math.abs(loss - oracle.loss),
    gradients: gradientDistance(gradients, withoutPrefix(expected)),
    generated: wanted.flatMap((ids, i) => ids.filter((token, t) => token === answers[i][t])).length,
    asked: wanted.flat().length,
  };
}

/**
 * How far logits are from the oracle's with samples laid out so, three positions of padding behind the longest row; relative to the
 * largest one where that is above 1.
 */
export async function logitsDistance(
  { model, samples, expected }: MultimodalCase,
  rows: readonly (readonly SeeingSample[])[],
  backend: Backend,
): Promise<number> {
  const { vocab_size: vocab } = model.shape;
  const lengths = rows.map((row) => row.reduce((sum, { input_ids }) => sum + input_ids.length, 0));
  const batch = collate(rows, { seq: 3 + Math.max(...lengths), pad_token_id: 0 });
  const logits = await logitsOf(model, backend, await seen(batch, model));
  const distances = rows.flat().map((sample, i) => {
    const { start, length } = batch.samples[i];
    const ours = logits.subarray(start * vocab, (start + length) * vocab);
    return largestDifference(ours, expected.get(`logits.${samples.indexOf(sample)}`)!);
  });
  const all = [...expected].filter(([name]) => name.startsWith('logits.'));
  const largest = Math.max(1, ...all.map(([, values]) => largestOf(values)));
  return Math.max(...distances) / largest;
}

function largestOf(values: Float32Array): number {
  return largestDifference(values, new Float32Array(values.length));
}

/** Mean loss over all samples, each alone or all in one row, and its gradients; all that is read trains. */
export function seeingGradients(
  model: CausalLM,
  samples: readonly SeeingSample[],
  backend: Backend,
  { residuals = 'save', packed = false }: { residuals?: 'save' | 'recompute'; packed?: boolean } = {},
) {
  for (const [, parameter] of model.namedParameters()) parameter.trainable = !parameter.idle;
  const rows = packed ? [[samples]] : samples.map((sample) => [[sample]]);
  const seq = samples.reduce((sum, { input_ids }) => sum + input_ids.length, 0);
  const batches = rows.map((layout) => collate(layout, { seq, pad_token_id: 0 }));
  return gradientsOf(model, backend, { batches, supervised: supervisedCount(samples), residuals });
}

/** Greedy continuations of all prompts, asked together. */
export async function greedyAnswers(
  { model, samples, oracle }: MultimodalCase,
  backend: Backend,
): Promise<number[][]> {
  const engine = new Together(backend, model);
  const prompts = oracle.samples.map(({ input_ids, prompt }) => input_ids.slice(0, prompt));
  const { vocab_size: vocab } = model.shape;
  const answers: number[][] = prompts.map(() => []);
  const media = samples.map((sample) => sample.media);
  try {
    let logits = await engine.start(prompts, 1, [], media);
    for (let step = 0; step < oracle.samples[0].generated.length; step++) {
      const picked = prompts.map((_, row) => {
        const own = logits.subarray(row * vocab, (row + 1) * vocab);
        return own.indexOf(Math.max(...own));
      });
      picked.forEach((token, row) => answers[row].push(token));
      logits = await engine.next(picked);
    }
  } finally {
    await engine.release();
  }
  return answers;
}
