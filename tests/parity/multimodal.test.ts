import { describe, expect, test } from 'vitest';
import { collate } from '../../core/data/collate.js';
import { roleOf } from '../../core/nn/index.js';
import { smartSize } from '../../core/processor/patch-images.js';
import { resizeImage, type FilterName } from '../../core/processor/resize.js';
import { GenerateEngine } from '../../core/runtime/generate-engine.js';
import { seen } from '../../core/runtime/media-inputs.js';
import { backendOf, fixture, multimodalIds, readJson } from './cases.js';
import { gradientsOf, logitsOf, supervisedCount } from './compute.js';
import { gradientDistance, largestDifference, TOLERANCE, withoutPrefix } from './measure.js';
import { imageOf, loadMultimodal, type OraclePicture } from './multimodal-case.js';

const onnxruntime = await backendOf('onnxruntime');

describe.each(multimodalIds())('%s', (id) => {
  const loading = loadMultimodal(id);

  test('its parameters have the names that Transformers has in memory, and the same ones are idle', async () => {
    const { model, oracle } = await loading;
    const parameters = [...model.namedParameters()];
    expect(parameters.map(([name]) => name).sort()).toEqual([...oracle.names].sort());
    const idle = parameters.filter(([, parameter]) => parameter.idle).map(([name]) => name);
    expect(idle.sort()).toEqual([...oracle.idle].sort());
    const roles = new Set(parameters.map(([name]) => roleOf(model, name)));
    expect(roles).toEqual(new Set(['vit', 'aligner', 'llm']));
  });

  test('pixels and grids equal those of its processor', async () => {
    const { pictures, oracle, expected, processor } = await loading;
    pictures.forEach(({ pixels, grid }, i) => {
      expect(grid).toEqual(oracle.pictures[i].grid);
      expect(processor.grid(oracle.pictures[i])).toEqual(grid);
      expect(largestDifference(pixels, expected.get(`pixels.${i}`)!)).toBeLessThanOrEqual(1e-6);
    });
  });

  test('positions equal those of Transformers', async () => {
    const { model, oracle, samples } = await loading;
    oracle.samples.forEach(({ positions, input_ids }, i) => {
      if (!positions) return expect(model.ropeAxes).toBeUndefined();
      const made = model.ropePositions(input_ids.length, samples[i].media?.spans ?? []);
      expect([...made.positions]).toEqual(positions.flat());
      expect(made.next).toBe(Math.max(...positions.flat()) + 1);
    });
  });

  test('logits equal those of Transformers, whatever lies beside', async () => {
    const { model, samples, expected } = await loading;
    const { vocab_size: vocab } = model.shape;
    const layouts = [...samples.map((sample) => [[sample]]), [samples], samples.map((sample) => [sample])];
    for (const rows of layouts) {
      const seq = 3 + Math.max(...rows.map((row) => row.reduce((sum, one) => sum + one.input_ids.length, 0)));
      const batch = collate(rows, { seq, pad_token_id: 0 });
      const logits = await logitsOf(model, onnxruntime, await seen(batch, model));
      rows.flat().forEach((sample, i) => {
        const { start, length } = batch.samples[i];
        const ours = logits.subarray(start * vocab, (start + length) * vocab);
        const theirs = expected.get(`logits.${samples.indexOf(sample)}`)!;
        expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(TOLERANCE.logits);
      });
    }
  });

  test.each(['save', 'recompute'] as const)(
    'loss and every gradient equal those of Transformers (%s)',
    async (residuals) => {
      const { model, samples, expected, oracle } = await loading;
      for (const [, parameter] of model.namedParameters()) parameter.trainable = !parameter.idle;
      const supervised = supervisedCount(samples);
      const length = samples.reduce((sum, { input_ids }) => sum + input_ids.length, 0);
      const alone = samples.map((sample) => collate([[sample]], { seq: 64, pad_token_id: 0 }));
      for (const batches of [alone, [collate([samples], { seq: length, pad_token_id: 0 })]]) {
        const { loss, gradients } = await gradientsOf(model, onnxruntime, { batches, supervised, residuals });
        expect(Math.abs(loss - oracle.loss)).toBeLessThanOrEqual(TOLERANCE.loss);
        expect(gradients.size).toBe(oracle.names.length - oracle.idle.length);
        const theirs = new Map(withoutPrefix(expected));
        // Softmax does not see what all keys have in common: what both have here is rounding.
        for (const name of oracle.names.filter((one) => /vision_tower.*k_proj\.bias$/.test(one))) {
          for (const noise of [gradients.get(name), theirs.get(name)])
            expect(Math.max(0, ...(noise ?? []).map(Math.abs))).toBeLessThan(1e-6);
          theirs.delete(name);
        }
        expect(gradientDistance(gradients, theirs)).toBeLessThanOrEqual(TOLERANCE.gradients);
      }
    },
  );

  test('greedy answers equal those of Transformers, asked together', async () => {
    const { model, samples, oracle } = await loading;
    const engine = new GenerateEngine(onnxruntime, model);
    const prompts = oracle.samples.map(({ input_ids, prompt }) => input_ids.slice(0, prompt));
    const { vocab_size: vocab } = model.shape;
    const answers: number[][] = prompts.map(() => []);
    let logits = await engine.start(
      prompts,
      1,
      samples.map(({ media }) => media),
    );
    for (const _ of oracle.samples[0].generated) {
      const picked = prompts.map((_, row) => {
        const own = logits.subarray(row * vocab, (row + 1) * vocab);
        return own.indexOf(Math.max(...own));
      });
      picked.forEach((token, row) => answers[row].push(token));
      logits = await engine.next(picked);
    }
    await engine.release();
    expect(answers).toEqual(oracle.samples.map(({ generated }) => [...generated]));
  });

  test('another picture gives other logits', async () => {
    const { model, samples, pictures } = await loading;
    const [sample] = samples;
    const dark = pictures.map((picture) => ({
      ...picture,
      pixels: picture.pixels.map((value) => value - 1),
    }));
    const media = { ...sample.media!, load: () => Promise.resolve(dark.slice(0, 2)) };
    const logits = async (one: typeof sample) =>
      logitsOf(model, onnxruntime, await seen(collate([[one]], { seq: 64, pad_token_id: 0 }), model));
    expect(largestDifference(await logits({ ...sample, media }), await logits(sample))).toBeGreaterThan(0.1);
  });
});

interface Resizing {
  readonly picture: OraclePicture;
  readonly resized: readonly (readonly [FilterName, number, number, string])[];
  readonly smart_resize: readonly (readonly [number, number, number, number])[];
}

describe('resizing', () => {
  const { picture, resized, smart_resize } = readJson<Resizing>(fixture('multimodal', 'resize.json'));

  test.each(resized)('%s to %i × %i is Pillow to the bit', (filter, width, height, rgb) => {
    const ours = resizeImage(imageOf(picture), width, height, filter);
    expect(Buffer.from(ours.data).toString('base64')).toBe(rgb);
  });

  test('sizes are those that the processor of Qwen2-VL chooses', () => {
    const bounds = { patch_size: 14, merge_size: 2, min_pixels: 3136, max_pixels: 1003520 };
    const open = { ...bounds, min_pixels: 1, max_pixels: 1e9 };
    smart_resize.forEach(([height, width, ...expected], i) => {
      const own = i < smart_resize.length - 2 ? bounds : open;
      expect(smartSize({ width, height }, own)).toEqual(expected);
    });
  });
});
