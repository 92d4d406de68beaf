/** Small pictures, sounds and clips of the local hub, and the archives that several datasets share. */
import sharp from 'sharp';
import { tarOf, zipOf } from './archives.js';
import type { Files } from './layout.js';
import { twoColours } from './pictures.js';

export type Rgb = readonly [red: number, green: number, blue: number];

/** A thing of one colour on a ground of another, and where it is: [x1, y1, x2, y2] in pixels. */
export interface Scene {
  readonly name: string;
  readonly ground: Rgb;
  readonly colour: Rgb;
  readonly width: number;
  readonly height: number;
  readonly box: readonly [number, number, number, number];
}

const THINGS: readonly (readonly [name: string, colour: Rgb])[] = [
  ['red square', [220, 30, 30]],
  ['green square', [30, 170, 60]],
  ['blue square', [40, 60, 220]],
  ['yellow square', [240, 220, 40]],
];

/** Squares in several corners of photographs of several sizes. */
export const SCENES: readonly Scene[] = THINGS.flatMap(([name, colour], i) =>
  [0, 1, 2].map((corner): Scene => {
    const [width, height] = [64 + 8 * i, 48 + 8 * corner];
    const [x, y] = [corner === 1 ? 32 : 8, corner === 2 ? 24 : 8];
    return { name, colour, ground: [235, 235, 230], width, height, box: [x, y, x + 24, y + 20] };
  }),
);

export async function photoOf({ ground, colour, width, height, box }: Scene): Promise<Buffer> {
  const [x1, y1, x2, y2] = box;
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      data.set(x >= x1 && x < x2 && y >= y1 && y < y2 ? colour : ground, (y * width + x) * 3);
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** A tone as WAV: 16 kHz, one channel, 16 bits. */
export function tone(hertz: number, seconds = 0.1): Buffer {
  const rate = 16_000;
  const samples = Math.round(rate * seconds);
  const wav = Buffer.alloc(44 + 2 * samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 2 * samples, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(2 * rate, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(2 * samples, 40);
  for (let i = 0; i < samples; i++)
    wav.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hertz * i) / rate)), 44 + 2 * i);
  return wav;
}

/** Repositories of media alone, by their ids. */
export async function sharedMedia(): Promise<Readonly<Record<string, Files>>> {
  const photo = await twoColours('red', 'blue', 40, 36);
  const zip = (path: string): Uint8Array => zipOf({ [path]: photo });
  const coco = Object.fromEntries(
    await Promise.all(
      SCENES.map(async (scene, i) => [`train2014/${cocoName(i)}`, await photoOf(scene)] as const),
    ),
  );
  return {
    'we_dont_produce_water/coco_res': { 'coco_2014.zip': zipOf(coco) },
    'hjh0119/sharegpt4v-images': {
      'coco.zip': zip('train2017/000000033471.jpg'),
      'gqa.zip': zipOf({ 'images/2354786.jpg': photo, 'images/2375429.jpg': photo }),
      'ocr_vqa.tar': tarOf({ 'ocr_vqa/images/0123.jpg': photo }),
      'textvqa.zip': zip('train_images/0a1b.jpg'),
      'VG_100K.zip': zip('VG_100K/2331.jpg'),
      'VG_100K_2.zip': zip('VG_100K_2/2406.jpg'),
      'sam.zip': zip('sa_545504.jpg'),
      'llava.zip': zip('00453/004539375.jpg'),
      'wikiart.zip': zip('data/wikiart/images/monet.jpg'),
      'share_textvqa.zip': zip('data/share_textvqa/images/1ab.jpg'),
      'web-celebrity.zip': zip('data/web-celebrity/images/ada.jpg'),
      'web-landmark.zip': zip('data/web-landmark/images/tower.jpg'),
    },
  };
}

export const cocoName = (i: number): string => `COCO_train2014_${String(i).padStart(12, '0')}.jpg`;

/** A scene, as parquet has an image, in JSON; and as an address, which the web's stands for. */
export interface Seen {
  readonly scene: Scene;
  readonly image: object;
  readonly url: string;
}

export const seenOf = (scene: Scene, photo: Uint8Array): Seen => {
  const base64 = Buffer.from(photo).toString('base64');
  return { scene, image: { bytes: base64, path: null }, url: `data:image/jpeg;base64,${base64}` };
};

/** A question about an image and its answer, as LLaVA has them. */
export const said = (question: string, answer: string): object[] => [
  { from: 'human', value: `<image>\n${question}` },
  { from: 'gpt', value: answer },
];

export const told = (question: string, answer: string): object[] => [
  { role: 'user', content: question },
  { role: 'assistant', content: answer },
];
