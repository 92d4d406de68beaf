/** The committed cases of models that see: their trees with weights, their pictures, their samples. */
import { join } from 'node:path';
import type { AudioClip, RgbImage } from '../core/contracts/media.js';
import type { Medium, Processor, SampleMedia } from '../core/contracts/processor.js';
import { spansOf } from '../core/data/media/place-media.js';
import { openSafetensors } from '../core/io/safetensors/index.js';
import { withoutFormerNames } from '../core/model/former-names.js';
import { readImageSettings } from '../core/model/image-settings.js';
import type { CausalLM } from '../core/nn/index.js';
import { fixture, plugins, readJson, readTensors, type Tensors } from './cases.js';

export interface OraclePicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
  readonly grid?: readonly [number, number, number];
}

/** A sound stands there by the numbers of the formula in scripts/fixtures/hearing.py. */
export interface OracleSound {
  readonly formula: readonly [length: number, a: number, b: number];
  readonly grid: readonly number[];
}

/** Frames that were chosen of a video. */
export interface OracleClip {
  readonly width: number;
  readonly height: number;
  readonly rgb: readonly string[];
  readonly grid: readonly number[];
}

interface OracleSample {
  /** Which pictures, and videos, which are numbered behind them, or sounds stand in it. */
  readonly pictures?: readonly number[];
  readonly sounds?: readonly number[];
  /** Which media stand in it, in the order of its text, where that is not pictures alone or sounds alone: numbers over all of them. */
  readonly media?: readonly number[];
  /** What the tower reads of the text, where it reads some. */
  readonly read?: readonly number[];
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
  readonly prompt: number;
  readonly generated: readonly number[];
  /** [3][T], of models whose tokens have positions on three axes. */
  readonly positions?: readonly (readonly number[])[];
}

interface MultimodalOracle {
  readonly title: string;
  /** Of the model, where nothing in its config tells its family. */
  readonly id?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  readonly idle: readonly string[];
  readonly pictures?: readonly OraclePicture[];
  readonly clips?: readonly OracleClip[];
  readonly sounds?: readonly OracleSound[];
  /** Of the spectrograms of sounds. */
  readonly bands?: number;
  /** In whose places features stand, where these are not those of the other cases. */
  readonly tokens?: Tokens;
  readonly loss: number;
  readonly samples: readonly OracleSample[];
}

export interface SeeingSample {
  readonly input_ids: number[];
  readonly labels: number[];
  readonly media?: SampleMedia;
}

export interface MultimodalCase {
  readonly model: CausalLM;
  readonly processor: Processor;
  readonly oracle: MultimodalOracle;
  readonly expected: Tensors;
  readonly media: readonly Medium[];
  readonly samples: readonly SeeingSample[];
}

export function imageOf({ width, height, rgb }: OraclePicture): RgbImage {
  return { width, height, data: Buffer.from(rgb, 'base64') };
}

export function clipOf({ formula: [length, a, b] }: OracleSound): AudioClip {
  const samples = Float32Array.from({ length }, (_, i) => (((i * i * a + i * b) % 30011) - 15005) / 32768);
  return { samples, rate: 16_000 };
}

export async function loadMultimodal(id: string): Promise<MultimodalCase> {
  const folder = fixture('multimodal', id);
  const config = readJson<Record<string, unknown>>(join(folder, 'config.json'));
  const settings = readImageSettings(folder);
  const oracle = readJson<MultimodalOracle>(join(folder, 'oracle.json'));
  const registered = plugins();
  const [architecture] = config.architectures as string[];
  const { instance, meta } = await registered.resolve(
    'model',
    oracle.id ?? registered.catalog.modelForArchitecture(architecture, config)!,
  );
  const model = instance.build(config);
  const file = await openSafetensors(join(folder, 'model.safetensors'));
  const { source } = withoutFormerNames(file, meta.former_names);
  for (const [name, parameter] of model.namedParameters()) parameter.data = await source.readFloat32(name);
  await file.close();
  const processor = instance.processor!(config, settings, meta.template);
  const pictures = (oracle.pictures ?? []).map((picture): Medium => {
    const image = processor.image!;
    return { kind: 'image', values: image.process(imageOf(picture)), grid: image.grid(picture) };
  });
  const sounds = (oracle.sounds ?? []).map((sound): Medium => {
    const audio = processor.audio!;
    const clip = clipOf(sound);
    return { kind: 'audio', values: audio.process(clip), grid: audio.grid(clip.samples) };
  });
  const clips = (oracle.clips ?? []).map(({ width, height, rgb }): Medium => {
    const video = processor.video!;
    const numbers = rgb.map((_, i) => i);
    const facts = { width, height, frames: rgb.length, fps: 1 };
    const frames = rgb.map((one) => imageOf({ width, height, rgb: one }));
    const values = video.process({ frames, numbers, facts });
    return { kind: 'video', values, grid: video.grid({ ...facts, numbers }) };
  });
  const media = [...pictures, ...clips, ...sounds];
  const samples = oracle.samples.map((sample): SeeingSample => ({
    input_ids: [...sample.input_ids],
    labels: [...sample.labels],
    media: mediaOf(model, media, sample, oracle.tokens),
  }));
  const expected = await readTensors(join(folder, 'oracle.safetensors'));
  return { model, processor, oracle, expected, media, samples };
}

/** Media stand where runs of their token do. */
function mediaOf(
  model: CausalLM,
  all: readonly Medium[],
  { pictures = [], sounds = [], media: own = [...pictures, ...sounds], input_ids, read }: OracleSample,
  tokens: Tokens = TOKENS,
): SampleMedia | undefined {
  if (own.length === 0) return undefined;
  const media = own.map((i) => {
    const { grid, kind } = all[i];
    return {
      grid,
      features: model.tower!.features(grid, kind),
      token: tokens[kind],
      heard: kind === 'audio',
    };
  });
  if (read) {
    const [i] = own;
    return {
      spans: [{ start: 0, length: 1, grid: [...all[i].grid, read.length], read }],
      digest: `${i}: ${read.join()}`,
      files: [],
      load: () => Promise.resolve([{ ...all[i], read }]),
    };
  }
  return {
    spans: spansOf(input_ids, media, new Map(Object.entries(tokens).map(([kind, id]) => [id, kind])))!,
    digest: own.join(),
    files: [],
    load: () => Promise.resolve(own.map((i) => all[i])),
  };
}

type Tokens = Readonly<Record<Medium['kind'], number>>;

/** What stands in the place of features. */
const TOKENS: Tokens = { image: 90, audio: 90, video: 93 };
