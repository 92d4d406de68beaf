/** Every set of images, sound and video, from the local hub's rows and archives to standard rows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import type { Message, StandardRow } from '../../../core/contracts/row.js';
import { HuggingFaceHub } from '../../../core/hub/hugging-face-hub.js';
import { ModelScopeHub } from '../../../core/hub/model-scope-hub.js';
import { decodeAudio } from '../../../core/io/audio/decode-audio.js';
import { decodeImage } from '../../../core/io/images/decode-image.js';
import { readMedia } from '../../../core/io/media/read-media.js';
import { probeVideo } from '../../../core/io/video/decode-video.js';
import { loadDatasets } from '../../../core/sdk/datasets.js';
import { services as composed } from '../../../core/sdk/default-services.js';
import { writeHubDatasets } from '../../../local-hub/content.js';
import { startHub, type LocalHub } from '../../../local-hub/server.js';

/** An id, perhaps with a subset or view; its rows, those that are dropped, the first one's turns, and how many of each medium it has. */
type Served = readonly [
  dataset: string,
  rows: number,
  dropped: number,
  turns: readonly (string | RegExp)[],
  media: Partial<Record<'images' | 'audios' | 'videos', number>>,
];

const ONE = { images: 1 };
const HEARD = { audios: 1 };
const SEEN = { videos: 1 };
const LLAVA = ['<image>\nWhat is above?', 'Red.'];

const TABLE: readonly Served[] = [
  ['refcoco', 13, 1, [/<ref-object>/, '<bbox>'], ONE],
  ['refcoco:grounding', 13, 1, [/<ref-object>/, '<bbox>'], ONE],
  ['refcoco:caption', 13, 1, [/<bbox>/, '<ref-object>'], ONE],
  ['refcoco-unofficial-grounding', 13, 1, [/<ref-object>/, '<bbox>'], ONE],
  ['refcoco-unofficial-caption', 13, 1, [/<bbox>/, '<ref-object>'], ONE],
  ['refcocog', 13, 1, [/<ref-object>/, '<bbox>'], ONE],
  ['refcocog:caption', 13, 1, [/<bbox>/, '<ref-object>'], ONE],
  ['refcocog-unofficial-grounding', 13, 1, [/<ref-object>/, '<bbox>'], ONE],
  ['refcocog-unofficial-caption', 13, 1, [/<bbox>/, '<ref-object>'], ONE],
  ['grit', 12, 1, ['what is the proper caption of this image?', 'A <ref-object><bbox> on a wall'], ONE],
  ['grit:caption', 12, 1, [/<bbox>/, '<ref-object>'], ONE],
  ['grit:grounding', 12, 1, [/<ref-object>/, '<bbox>'], ONE],
  ['grit:vqa', 12, 1, ['what is the proper caption of this image?', 'A red square on a wall'], ONE],
  ['coco', 12, 0, ['Task: Object Detection', '<ref-object><bbox>\n<ref-object><bbox>'], ONE],
  ['llava-instruct-150k', 7, 1, LLAVA, ONE],
  ['llava-data-instruct', 6, 1, LLAVA, ONE],
  ['llava-pretrain', 1, 1, LLAVA, ONE],
  ['sharegpt4v', 7, 0, LLAVA, ONE],
  ['sharegpt4v:ShareGPT4V-PT', 3, 0, LLAVA, ONE],
  ['sharegpt-4o-image', 1, 1, ['<image>\nDescribe it.', 'Red above blue.'], ONE],
  [
    'mantis-instruct',
    1,
    0,
    ['<image> <image> How do they differ?', 'Not at all, says birds-to-words.'],
    { images: 2 },
  ],
  [
    'mantis-instruct:chartqa',
    1,
    0,
    ['<image> <image> How do they differ?', 'Not at all, says chartqa.'],
    { images: 2 },
  ],
  ['coco-en', 14, 0, ['please describe the image.', 'A red square.'], ONE],
  ['coco-en-mini', 2, 0, ['please describe the image.', 'A red square.'], ONE],
  ['coco-en-2', 14, 0, ['please describe the image.', 'A red square.'], ONE],
  ['coco-en-2-mini', 2, 0, ['please describe the image.', 'A red square.'], ONE],
  ['sa1b-paired-caption', 12, 0, [/图片/, '图片里有0。'], ONE],
  ['sa1b-dense-caption', 12, 0, [/图片/, '图片里有0。'], ONE],
  ['pixelprose', 12, 0, [/image|picture/, 'A red square.'], ONE],
  ['text-caps', 14, 0, ['What is the caption of this image?', 'A sign that says red square.'], ONE],
  ['text-caps:emb', 14, 0, ['<image>'], ONE],
  ['gpt4v-dataset', 12, 0, ['What is the caption of this image?', 'A red square.'], ONE],
  ['moondream2-coyo-5M', 12, 0, ['A red square.'], ONE],
  ['latex-ocr-print', 6, 0, ['Using LaTeX to perform OCR on the image.', 'x ^ { 1 } + y'], ONE],
  ['latex-ocr-handwrite', 9, 0, ['Using LaTeX to perform OCR on the image.', 'x ^ { 0 } + y'], ONE],
  ['okvqa', 12, 0, ['Which colour has the square?', 'red'], ONE],
  ['a-okvqa', 13, 0, ['Which colour has the square?', 'It is red.'], ONE],
  ['ocr-vqa', 13, 0, [/Who|What/, /Ada|Notes/], ONE],
  [
    'science-qa',
    13,
    0,
    ['Which is larger?', 'A whale is larger than a cat.\nSo the final answer is: a whale'],
    ONE,
  ],
  ['lnqa', 13, 0, ['Which colour has the square?', 'red', 'Sure?', 'Yes.'], ONE],
  ['midefics', 12, 0, ['Which colour has the square?', 'red'], ONE],
  ['gqa', 2, 1, ['Which colour has the square?', 'The square is red.'], ONE],
  ['chart-qa', 12, 0, ['Which colour has the square?', 'red'], ONE],
  ['vqa-v2', 12, 0, ['Which colour has the square?', 'red'], ONE],
  ['path-vqa', 12, 0, ['Which colour has the square?', 'red'], ONE],
  ['llava-med-zh-instruct', 12, 0, ['<image>图中有什么？', '一个方块。'], ONE],
  ['m3it', 12, 0, ['Describe the image.', 'What is it?', 'A red square.'], ONE],
  ['wds-voc2007-multilabel', 4, 0, [/^多标签分类，类别包括：\['aeroplane', .*'tvmonitor'\]$/], ONE],
  ['garbage265', 12, 0, ['Task: Classify household waste.'], ONE],
  [
    'mind2web',
    2,
    0,
    [
      /<image>.*<button>\n\nFind a flight/s,
      'Action: CLICK\nAction Input: [button]  Search,',
      /<image>/,
      /TYPE\n.*City,Rome/,
    ],
    { images: 2 },
  ],
  ['aishell1-zh', 3, 3, ['语音转文本', '广州市房地产'], HEARD],
  ['aishell1-zh-mini', 2, 2, ['语音转文本', '广州市房地产'], HEARD],
  ['qwen3-1.7-tts-sft-furina', 1, 0, ['Let the show begin.'], HEARD],
  ['video-chatgpt', 1, 1, ['What happens?', 'A dog runs.'], SEEN],
  ['video-chatgpt:Consistency', 1, 0, ['What?', 'A dog runs.'], SEEN],
  ['egoschema', 1, 0, ['What does C do?\nA. Cook\nB. Read\nC. Paint\nD. Sing\nE. Rest', 'C'], SEEN],
  ['egoschema:cls', 1, 0, [/^What does C do\?\nA. Cook/], SEEN],
  ['llava-video-178k', 2, 1, ['<video>\nDescribe it.', 'A dog runs.'], SEEN],
  ['moviechat-1k-test', 1, 0, ['What time is it?', 'Day.'], SEEN],
  ['cinepile', 1, 0, ['Who speaks?', 'Ada'], SEEN],
];

const folder = mkdtempSync(join(tmpdir(), 'swift-media-'));
const services = composed();
const { catalog } = services.plugins;
let server: LocalHub;

beforeAll(async () => {
  await writeHubDatasets(join(folder, 'root'));
  server = await startHub({ root: join(folder, 'root') });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function load(dataset: string, useHf = true): Promise<{ rows: StandardRow[]; dropped: number }> {
  const log = { info: () => undefined, warn: () => undefined };
  const hubs = {
    hf: new HuggingFaceHub({ env: { HF_ENDPOINT: server.url, HF_HUB_CACHE: join(folder, 'hf') }, log }),
    ms: new ModelScopeHub({
      env: { MODELSCOPE_ENDPOINT: server.url, MODELSCOPE_CACHE: join(folder, 'ms') },
      log,
    }),
  };
  const options = commandLine('sft', ['--dataset', dataset, '--dataset_test_ratio', '0']);
  const { train } = await loadDatasets(options, { ...services, log, hubs, useHf });
  return {
    rows: train.flatMap(({ rows }) => rows.map(({ row }) => row)),
    dropped: train.reduce((sum, { report }) => sum + report.droppedTotal, 0),
  };
}

describe.each(TABLE)('%s', (dataset, count, dropped, turns, media) => {
  test('becomes these rows, from both hubs', async () => {
    for (const useHf of [true, false]) {
      const read = await load(dataset, useHf);
      expect(read.rows).toHaveLength(count);
      expect(read.dropped).toBe(dropped);
      const [{ messages, images = [], audios = [], videos = [] }] = read.rows;
      expect(messages.map(({ content }) => content)).toEqual(
        turns.map((turn) => (typeof turn === 'string' ? turn : expect.stringMatching(turn))),
      );
      const held = { images: images.length, audios: audios.length, videos: videos.length };
      expect(held).toEqual({ images: 0, audios: 0, videos: 0, ...media });
      for (const image of images) {
        const { width, height } = await decodeImage(await readMedia('image', image), dataset);
        expect(Math.min(width, height)).toBeGreaterThan(30);
      }
      for (const file of audios) {
        const { samples } = await decodeAudio(readFileSync(file as string), dataset, 16_000);
        expect(samples.length).toBe(1600);
      }
      for (const file of videos as string[]) {
        if (!file.startsWith('https:'))
          expect(await probeVideo(file, dataset)).toEqual({ width: 64, height: 48, frames: 8, fps: 2 });
      }
    }
  });
});

interface SwiftRow extends Partial<Record<'images' | 'audios' | 'videos', string[]>> {
  readonly messages: readonly Message[];
  readonly objects?: { readonly ref: string[]; readonly bbox: number[][]; readonly bbox_type?: string };
  readonly label?: unknown;
}

/** scripts/fixtures/media_rows.py wrote them. */
const SWIFT_ROWS = JSON.parse(
  readFileSync(new URL('../../fixtures/datasets/media-swift-rows.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, SwiftRow>>;

/** What is otherwise, and means to be; docs/differences.md says so. */
const OWN_QUESTION = /^(refcoco|grit:grounding|sa1b|pixelprose|ocr-vqa)/;
const IMAGES_LOST = ['sa1b-paired-caption', 'sa1b-dense-caption', 'ocr-vqa', 'science-qa'];

describe.each(Object.entries(SWIFT_ROWS))('%s as ms-swift 4.6.0 makes it', (dataset, swift) => {
  test('turns, files, objects and label are the same', async () => {
    const [{ messages, images = [], audios = [], videos = [], objects, label }] = (await load(dataset)).rows;
    const turns = (all: readonly Message[]) =>
      all.map(({ role, content }) => [role, role === 'user' && OWN_QUESTION.test(dataset) ? '' : content]);
    const said = dataset === 'llava-video-178k' ? '<video>' : '<image>';
    const theirs = swift.messages.map((one) => ({ ...one, content: one.content.replace('<image>', said) }));
    if (dataset !== 'ocr-vqa') expect(turns(messages)).toEqual(turns(theirs));
    const files = { images, audios, videos };
    for (const kind of ['images', 'audios', 'videos'] as const) {
      if (kind === 'images' && IMAGES_LOST.includes(dataset)) continue;
      const names = swift[kind] ?? [];
      expect(files[kind]).toHaveLength(names.length);
      names.forEach((name, i) => {
        if (/\.\w{3}$/.test(name) && dataset !== 'mind2web')
          expect(basename(files[kind][i] as string)).toBe(name);
      });
    }
    if (dataset !== 'grit:vqa') {
      expect(objects?.ref).toEqual(swift.objects?.ref);
      const places = objects?.bbox.map(({ places: [place] }) =>
        place.map((side) => Math.round(side * 1e6) / 1e6),
      );
      const rounded = swift.objects?.bbox.map((place) => place.map((side) => Math.round(side * 1e6) / 1e6));
      expect(places).toEqual(rounded);
      expect(objects?.bbox[0].unit).toBe(swift.objects && (swift.objects.bbox_type ?? 'real'));
    }
    if (swift.label !== undefined) expect(label).toBe(Number(swift.label));
  });
});

test('boxes are in pixels, or in parts of the image, with their names', async () => {
  const objects = async (dataset: string) => (await load(dataset)).rows[0].objects;
  expect(await objects('refcoco')).toEqual({
    ref: ['the red square'],
    bbox: [{ places: [[8, 8, 32, 28]], unit: 'real', image: 0 }],
  });
  expect(await objects('grit')).toEqual({
    ref: ['red square'],
    bbox: [{ places: [[8 / 64, 8 / 48, 0.5, 28 / 48]], unit: 'norm1', image: 0 }],
  });
  expect(await objects('coco')).toEqual({
    ref: ['book', 'person'],
    bbox: [
      { places: [[8, 8, 32, 28]], unit: 'real', image: 0 },
      { places: [[0, 0, 8.5, 7.25]], unit: 'real', image: 0 },
    ],
  });
});

test('classes are numbers, of several or one', async () => {
  expect((await load('garbage265')).rows.slice(0, 3).map(({ label }) => label)).toEqual([0, 1, 2]);
  expect((await load('egoschema:cls')).rows[0].label).toBe(2);
  const { rows } = await load('wds-voc2007-multilabel');
  expect(rows.map(({ label }) => label)).toEqual([
    [0, 7, 14],
    [1, 8, 15],
    [2, 9, 16],
    [3, 10, 17],
  ]);
});

test('subsets with media of their own are named one by one', async () => {
  await expect(load('mantis-instruct:chartqa/birds-to-words')).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    cure: [
      'Name each as a dataset of its own: --dataset mantis-instruct:chartqa mantis-instruct:birds-to-words.',
    ],
  });
});

test('none is left out', () => {
  const tags = ['multi-modal', 'vision', 'vqa', 'caption', 'grounding', 'ocr', 'audio', 'video', 'medical'];
  const elsewhere = [
    ...['capcha-images', 'llava-instruct-mix', 'rlaif-v', 'geometry3k', 'clevr-cogen-a-train'],
    ...['chartqa-digit-r1v-format', 'multimodal-open-r1-8k-verified'],
    ...['medical-en', 'medical-zh', 'disc-med-sft-zh'],
  ];
  const wanted = catalog.list('dataset').filter((one) => one.tags?.some((tag) => tags.includes(tag)));
  const served = new Set([...TABLE.map(([dataset]) => dataset.split(':')[0]), ...elsewhere]);
  expect(wanted.map(({ id }) => id).filter((id) => !served.has(id))).toEqual([]);
});
