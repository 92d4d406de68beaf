import { describe, expect, test } from 'vitest';
import type { VideoClip, VideoFacts } from '../../core/contracts/media.js';
import type { Medium, SampleMedia } from '../../core/contracts/processor.js';
import { collate } from '../../core/data/collate.js';
import { spansOf } from '../../core/data/media/place-media.js';
import {
  PatchVideos,
  qwenVideoArea,
  sharedArea,
  smartSize,
  type PatchVideoOptions,
  type VideoArea,
} from '../../core/processor/index.js';
import { seen } from '../../core/runtime/media-inputs.js';
import { backendOf, fixture, readJson, readTensors } from '../../parity/cases.js';
import { logitsOf } from '../../parity/compute.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';
import { loadMultimodal } from '../../parity/multimodal-case.js';
import { Together } from '../../parity/together.js';

interface OracleClip extends VideoFacts {
  readonly numbers: readonly number[];
  readonly rgb: readonly string[];
  readonly grid: readonly number[];
}

interface Oracle {
  readonly bounds: VideoArea | { readonly least: number; readonly most: number };
  /** In whose places features stand. */
  readonly token: number;
  readonly clips: readonly OracleClip[];
  readonly input_ids: number[];
  readonly positions: readonly (readonly number[])[];
  readonly generated: readonly number[];
}

const onnxruntime = await backendOf('onnxruntime');

function boundsOf(bounds: Oracle['bounds']): PatchVideoOptions['bounds'] {
  if (!('least' in bounds)) return sharedArea(bounds);
  const { least, most } = bounds;
  return (frames) => ({ min_pixels: least / frames, max_pixels: most / frames, stretches: 'whole' as const });
}

async function load(id: string) {
  const { model, processor } = await loadMultimodal(id);
  const oracle = readJson<Oracle>(fixture('videos', id, 'oracle.json'));
  const expected = await readTensors(fixture('videos', id, 'oracle.safetensors'));
  const { options } = processor.video as PatchVideos;
  const video = new PatchVideos({ ...options, bounds: boundsOf(oracle.bounds) });
  const media = oracle.clips.map((clip): Medium => {
    const { width, height, rgb, numbers } = clip;
    const frames = rgb.map((data) => ({ width, height, data: Buffer.from(data, 'base64') }));
    const taken: VideoClip = { frames, numbers, facts: clip };
    return { kind: 'video', values: video.process(taken), grid: video.grid(clip) };
  });
  const texted = media.map(({ kind, grid }) => ({
    grid,
    features: model.tower!.features(grid, kind),
    token: oracle.token,
  }));
  const sample: SampleMedia = {
    spans: spansOf(oracle.input_ids, texted, new Map([[oracle.token, 'video']]))!,
    digest: id,
    files: [],
    load: () => Promise.resolve(media),
  };
  return { model, processor, oracle, expected, media, sample, texted };
}

describe.each([
  ...['qwen2_vl', 'qwen2_5_vl', 'qwen3_vl', 'qwen3_vl_moe', 'glm4v_moe'],
  ...['qwen3_5', 'qwen3_5_moe', 'qwen2_5_omni', 'qwen3_omni_moe'],
])('%s', (id) => {
  const loading = load(id);

  test('frames become the rows and grids of Transformers', async () => {
    const { media, oracle, expected } = await loading;
    media.forEach(({ values, grid }, i) => {
      expect(grid.slice(0, 3)).toEqual(oracle.clips[i].grid);
      expect(largestDifference(values, expected.get(`pixels.${i}`)!)).toBeLessThanOrEqual(1e-6);
    });
  });

  test('tokens lie where Transformers puts them', async () => {
    const { model, oracle, sample } = await loading;
    const { positions, next } = model.ropePositions(oracle.input_ids.length, sample.spans);
    expect([...positions]).toEqual(oracle.positions.flat());
    expect(next).toBe(oracle.positions[0].at(-1)! + 1);
  });

  test('logits and greedy answers equal those of Transformers', async () => {
    const { model, oracle, expected, sample } = await loading;
    const { input_ids } = oracle;
    const row = { input_ids, labels: input_ids, media: sample };
    const batch = collate([[row]], { seq: input_ids.length, pad_token_id: 0 });
    const logits = await logitsOf(model, onnxruntime, await seen(batch, model));
    expect(largestDifference(logits, expected.get('logits')!)).toBeLessThanOrEqual(TOLERANCE.logits);
    const engine = new Together(onnxruntime, model);
    const answer: number[] = [];
    let next = await engine.start([input_ids], 1, [], [sample]);
    while (answer.length < oracle.generated.length) {
      const token = next.indexOf(Math.max(...next));
      answer.push(token);
      next = await engine.next([token]);
    }
    await engine.release();
    expect(answer).toEqual(oracle.generated);
  });

  test('its text holds as many tokens as it has features', async () => {
    const { processor, texted } = await loading;
    const { video } = processor;
    texted.forEach(({ grid, features }, index) => {
      const text = video!.text({ features, grid, index });
      expect(text.split(video!.token).length - 1).toBe(features);
    });
  });
});

interface Sizes {
  readonly sizes: readonly (readonly number[])[];
  readonly still: readonly (readonly number[])[];
  readonly seconds: readonly (readonly [fps: number, numbers: readonly number[], told: readonly string[]])[];
}
const { sizes, still, seconds } = readJson<Sizes>(fixture('videos', 'sizes.json'));
const STEPS = { scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1], filter: 'bicubic' } as const;
const PLAIN = { ...STEPS, token: '', text: () => '', choose: () => [] };

test('frames are resized to the sizes of qwen-vl-utils', () => {
  for (const [width, height, count, factor, ...size] of sizes) {
    const patches = { patch_size: factor / 2, merge_size: 2, temporal_patch_size: 2 };
    const video = new PatchVideos({ ...PLAIN, ...patches, bounds: sharedArea(qwenVideoArea(patches)) });
    const [times, rows, columns] = video.grid({
      ...{ width, height, frames: 10_000, fps: 25 },
      numbers: new Array<number>(count).fill(0),
    });
    expect([times, rows * patches.patch_size, columns * patches.patch_size]).toEqual([count / 2, ...size]);
  }
});

test('pictures are resized to the sizes of the processor of GLM-4.1V', () => {
  const patches = { patch_size: 14, merge_size: 2, temporal_patch_size: 2 };
  const bounds = { min_pixels: 112 * 56, max_pixels: 28 * 28 * 7500, stretches: 'whole' as const };
  for (const [width, height, ...size] of still)
    expect(smartSize({ width, height }, { ...patches, ...bounds })).toEqual(size);
});

test('the texts of Qwen3-VL tell seconds as Python writes them', async () => {
  const { processor } = await loadMultimodal('qwen3_vl');
  const { video } = processor;
  for (const [fps, numbers, told] of seconds) {
    const grid = video!.grid({ width: 64, height: 64, frames: 500, fps, numbers });
    const text = video!.text({ features: grid[0], grid, index: 0 });
    expect([...text.matchAll(/<([\d.]+) seconds>/g)].map(([, second]) => second)).toEqual(told);
  }
});

test('two frames a second are looked at, an even number', async () => {
  const { processor } = await loadMultimodal('qwen2_vl');
  const facts = { width: 64, height: 64, frames: 100, fps: 25 };
  expect(processor.video!.choose(facts)).toEqual([0, 14, 28, 42, 57, 71, 85, 99]);
});
