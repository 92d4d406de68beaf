import { describe, expect, test } from 'vitest';
import { collate } from '../../core/data/collate.js';
import { roleOf } from '../../core/nn/index.js';
import { smartSize } from '../../core/processor/patch-images.js';
import { resizeImage, type FilterName } from '../../core/processor/resize.js';
import { seen } from '../../core/runtime/media-inputs.js';
import { backendOf, fixture, multimodalIds, readJson } from '../../parity/cases.js';
import { logitsOf } from '../../parity/compute.js';
import { gradientDistance, largestDifference, TOLERANCE, withoutPrefix } from '../../parity/measure.js';
import { greedyAnswers, logitsDistance, seeingGradients } from '../../parity/multimodal-measure.js';
import { imageOf, loadMultimodal, type OraclePicture } from '../../parity/multimodal-case.js';

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
    expect(roles).toEqual(new Set([...model.roles.map(([, role]) => role), 'llm']));
  });

  test('what its tower takes, and grids, equal those of its processor', async () => {
    const { media, oracle, expected } = await loading;
    media.forEach(({ values, grid }, i) => {
      const told = [...(oracle.pictures ?? []), ...(oracle.clips ?? []), ...(oracle.sounds ?? [])];
      expect(grid).toEqual(told[i].grid);
      const pixels = expected.get(`pixels.${i}`);
      if (pixels) return expect(largestDifference(values, pixels)).toBeLessThanOrEqual(1e-6);
      const chunks = expected.get(`chunks.${i}`);
      if (chunks) return expect(largestDifference(values, chunks)).toBeLessThanOrEqual(1e-4);
      // Of sounds, the silence behind them is left out, but for two frames.
      const bands = oracle.bands!;
      const levels = expected.get(`levels.${i}`)!;
      const [own, all] = [values.length / bands, levels.length / bands];
      expect(own).toBe(Math.min(all, grid[0] + 2));
      for (let band = 0; band < bands; band++) {
        const ours = values.subarray(band * own, (band + 1) * own);
        const theirs = levels.subarray(band * all, band * all + own);
        expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(1e-4);
      }
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
    const loaded = await loading;
    const { samples, model } = loaded;
    const layouts = [
      ...samples.map((sample) => [[sample]]),
      ...(model.packs ? [[samples]] : []),
      samples.map((sample) => [sample]),
    ];
    for (const rows of layouts)
      expect(await logitsDistance(loaded, rows, onnxruntime)).toBeLessThanOrEqual(TOLERANCE.logits);
  });

  test.each([
    { residuals: 'save', packed: false },
    { residuals: 'recompute', packed: false },
    { residuals: 'save', packed: true },
  ] as const)('loss and every gradient equal those of Transformers: %o', async (how) => {
    const { model, samples, expected, oracle } = await loading;
    // State runs on from sample to sample in a row of some models.
    if (how.packed && !model.packs) return;
    const { loss, gradients } = await seeingGradients(model, samples, onnxruntime, how);
    expect(Math.abs(loss - oracle.loss)).toBeLessThanOrEqual(TOLERANCE.loss);
    expect(gradients.size).toBe(oracle.names.length - oracle.idle.length);
    const theirs = withoutPrefix(expected);
    for (const name of oracle.names.filter((one) => !theirs.has(one) && !oracle.idle.includes(one)))
      expect(Math.max(...gradients.get(name)!.map(Math.abs))).toBeLessThan(1e-6);
    expect(gradientDistance(gradients, theirs)).toBeLessThanOrEqual(TOLERANCE.gradients);
  });

  test('greedy answers equal those of Transformers, asked together', async () => {
    const loaded = await loading;
    const wanted = loaded.oracle.samples.map(({ generated }) => [...generated]);
    expect(await greedyAnswers(loaded, onnxruntime)).toEqual(wanted);
  });

  test('another medium gives other logits', async () => {
    const { model, samples } = await loading;
    const [sample] = samples;
    const dark = (await sample.media!.load()).map((medium) => ({
      ...medium,
      values: medium.values.map((value) => -1 - value),
    }));
    const media = { ...sample.media!, load: () => Promise.resolve(dark) };
    const logits = async (one: typeof sample) =>
      logitsOf(
        model,
        onnxruntime,
        await seen(collate([[one]], { seq: one.input_ids.length, pad_token_id: 0 }), model),
      );
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

  test('sizes are those that the processor of PaddleOCR-VL chooses', () => {
    const bounds = { patch_size: 14, merge_size: 2, min_pixels: 3136, max_pixels: 200_704 };
    const sizes = readJson<readonly (readonly number[])[]>(fixture('multimodal', 'sizes.json'));
    for (const [height, width, ...expected] of sizes)
      expect(smartSize({ width, height }, { ...bounds, stretches: 'by-side' })).toEqual(expected);
  });
});
