import { describe, expect, test } from 'vitest';
import { pluginOptions } from '../../core/config/plugin-options.js';
import type { Sample } from '../../core/contracts/template.js';
import { rowLengths } from '../../core/data/micro-batches.js';
import { TrainEngine } from '../../core/runtime/train-engine.js';
import { ObjectivePasses } from '../../core/train/objective-passes.js';
import { optimizedBy } from '../../core/train/optimized.js';
import { backendOf, plugins } from '../../parity/cases.js';
import { loadMultimodal, type MultimodalCase } from '../../parity/multimodal-case.js';

const backend = await backendOf('onnxruntime');
const services = plugins();

/** The token that the worse answer ends with. */
const OTHER = 44;

/** Preferences of one picture each: the answer that the oracle has, and the same with another end. */
function pairsOf({ samples }: MultimodalCase): readonly Sample[] {
  return samples.flatMap((sample) => {
    if (!sample.media) return [];
    const worse = {
      ...sample,
      input_ids: sample.input_ids.with(-1, OTHER),
      labels: sample.labels.with(-1, OTHER),
    };
    return [{ ...sample, label: true, partners: [{ ...worse, label: false }] }];
  });
}

/** How much likelier than the worse one the better answer is, by the logits of Transformers: their shared tokens say nothing. */
function margins({ model, samples, expected }: MultimodalCase): number[] {
  const { vocab_size: vocab } = model.shape;
  return samples.flatMap(({ media, input_ids }, i) => {
    if (!media) return [];
    const before = (input_ids.length - 2) * vocab;
    const logits = expected.get(`logits.${i}`)!.subarray(before, before + vocab);
    return [logits[input_ids.at(-1)!] - logits[OTHER]];
  });
}

async function passesOf({ model }: MultimodalCase, trainer: string, options: object) {
  const { instance, meta } = await services.resolve('trainer', trainer);
  const objective = optimizedBy(instance, pluginOptions(meta, options)).objective!;
  const engine = new TrainEngine(backend, model, { residuals: 'save' });
  const layout = { lengths: rowLengths(64), padTokenId: 0, packs: true };
  // An answer is as likely as any other to a reference that says nothing.
  const silent = { logp: ({ labels }: { labels: Int32Array }) => Promise.resolve(zeros(labels)) };
  return {
    engine,
    passes: new ObjectivePasses(engine, layout, objective, objective.reference ? silent : undefined),
  };
}

const zeros = (labels: Int32Array): Float32Array =>
  new Float32Array(labels.filter((label) => label >= 0).length);

/** Of each way to see one: tiles, rows of patches, separators between, features of several depths. */
const SEEING = ['internvl_chat', 'llava', 'llava_next', 'qwen2_vl', 'qwen3_vl'];

describe.each(SEEING)('%s', (id) => {
  test('the loss of pairs with a picture is the one that the logits of Transformers give', async () => {
    const loaded = await loadMultimodal(id);
    const { engine, passes } = await passesOf(loaded, 'dpo', { beta: 0.5, reference_free: true });
    const { loss, metrics } = await passes.evaluate(pairsOf(loaded));
    await engine.release();
    const expected = margins(loaded);
    expect(expected).toHaveLength(2);
    const mean = (of: (margin: number) => number): number => (of(expected[0]) + of(expected[1])) / 2;
    expect(loss).toBeCloseTo(
      mean((margin) => Math.log1p(Math.exp(-0.5 * margin))),
      5,
    );
    expect(metrics['rewards/margins']).toBeCloseTo(
      mean((margin) => 0.5 * margin),
      4,
    );
  });

  test.each([
    ['dpo', { beta: 0.5, reference_free: true }],
    ['kto', { beta: 0.5, loss_type: 'apo_zero_unpaired' }],
  ])('the gradient of %s is the slope along itself, vision included', async (trainer, options) => {
    const loaded = await loadMultimodal(id);
    const { model } = loaded;
    const pairs = pairsOf(loaded);
    for (const [, parameter] of model.namedParameters()) parameter.trainable = !parameter.idle;
    const { engine, passes } = await passesOf(loaded, trainer, options);
    await passes.train(pairs, () => () => 0.5);
    const gradients = [...engine.gradients].map(([parameter, values]) => ({
      parameter,
      values: values.slice(),
    }));
    const square = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
    const ofVision = [...model.namedParameters()].filter(([name]) => /visual|vision/.test(name));
    const vision = ofVision.reduce(
      (sum, [, one]) => sum + square(engine.gradients.get(one) ?? new Float32Array()),
      0,
    );
    expect(vision).toBeGreaterThan(0);
    await engine.release();
    const norm = Math.sqrt(gradients.reduce((sum, { values }) => sum + square(values), 0));
    const move = 0.003;
    const lossAt = async (by: number): Promise<number> => {
      const before = gradients.map(({ parameter }) => parameter.data!);
      for (const { parameter, values } of gradients)
        parameter.data = parameter.data!.map((value, i) => value + (by * values[i]) / norm);
      const moved = await passesOf(loaded, trainer, options);
      const { loss } = await moved.passes.evaluate(pairs);
      await moved.engine.release();
      gradients.forEach(({ parameter }, i) => (parameter.data = before[i]));
      return loss;
    };
    const slope = ((await lossAt(move)) - (await lossAt(-move))) / (2 * move);
    expect(slope / norm).toBeCloseTo(1, 2);
  });
});
