/** Datasets of images, sound and video, in the columns and files of the real ones. */
import sharp from 'sharp';
import { answeredFiles } from './answered-rows.js';
import { tarOf, zipOf } from './archives.js';
import { captionedFiles } from './captioned-rows.js';
import { conversedFiles } from './conversed-rows.js';
import { groundedFiles } from './grounded-rows.js';
import { heardFiles, watchedFiles } from './heard-and-watched-rows.js';
import { jsonl, shard, table, type Files } from './layout.js';
import { photoOf, SCENES, seenOf } from './media-files.js';
import { twoColours } from './pictures.js';

export async function mediaFiles(): Promise<Readonly<Record<string, Files>>> {
  const photos = await Promise.all(SCENES.map(photoOf));
  const seen = SCENES.map((scene, i) => seenOf(scene, photos[i]));
  return {
    ...groundedFiles(seen),
    ...conversedFiles(await twoColours('red', 'blue', 40, 36)),
    ...captionedFiles(seen),
    ...answeredFiles(seen),
    ...heardFiles(),
    ...watchedFiles(),
    'wds-voc2007-multilabel': await labelledFiles(photos),
    mind2web: { [shard()]: jsonl(steps(seen[0].image)) },
    garbage265: {
      'train.csv': table(
        SCENES.map((_, i) => ({ 'image:FILE': `train/${i}.jpg`, category: i % 3 })),
        ',',
      ),
      'val.csv': table([{ 'image:FILE': 'val/0.jpg', category: 0 }], ','),
      'train.zip': zipOf(Object.fromEntries(photos.map((bytes, i) => [`train/${i}.jpg`, bytes]))),
    },
  };
}

/** As CLIP's benchmarks: a row is a picture and an array of NumPy. */
async function labelledFiles(photos: readonly Buffer[]): Promise<Files> {
  const rows = await Promise.all(
    photos.slice(0, 4).map(async (photo, i): Promise<readonly (readonly [string, Buffer])[]> => [
      [`s000000${i}.npy`, labelArray(Array.from({ length: 20 }, (_, kind) => Number(kind % 7 === i)))],
      [`s000000${i}.webp`, await sharp(photo).webp().toBuffer()],
    ]),
  );
  const tar = tarOf(Object.fromEntries(rows.flat()));
  return { 'train/0.tar': tar, 'train/nshards.txt': '1', 'test/0.tar': tar, 'classnames.txt': 'aeroplane' };
}

/** Of 64-bit numbers. */
function labelArray(numbers: readonly number[]): Buffer {
  const header =
    `{'descr': '<i8', 'fortran_order': False, 'shape': (${numbers.length},), }`.padEnd(117) + '\n';
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
  const values = Buffer.alloc(8 * numbers.length);
  numbers.forEach((number, i) => values.writeBigInt64LE(BigInt(number), 8 * i));
  return Buffer.concat([start, values]);
}

/** As Multimodal-Mind2Web: two tasks, of two steps and of one. */
function steps(screenshot: object): object[] {
  const step = (
    target_action_index: string,
    target_action_reprs: string,
    confirmed_task: string,
  ): object => ({
    ...{
      action_uid: `${confirmed_task}${target_action_index}`,
      raw_html: '<html></html>',
      cleaned_html: '<button>',
    },
    ...{ operation: '{}', pos_candidates: [], website: 'hub', domain: 'Travel', subdomain: 'Air' },
    ...{
      annotation_id: confirmed_task,
      confirmed_task,
      screenshot,
      action_reprs: [],
      target_action_index,
      target_action_reprs,
    },
  });
  return [
    step('0', '[button]  Search -> CLICK', 'Find a flight'),
    step('1', '[textbox]  City -> TYPE: Rome', 'Find a flight'),
    step('0', '[link]  Home -> CLICK', 'Go home'),
  ];
}
