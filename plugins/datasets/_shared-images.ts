import type { MediaFiles, PreprocessContext } from 'swift-ts/plugin';
import { textIn } from './_columns.js';

/** Images that LLaVA's sets and those after it speak of, as rows begin their paths; then their archive, and where in it these lie. */
const PLACES = [
  ['coco/', 'coco', ''],
  ['gqa/', 'gqa', ''],
  ['ocr_vqa/', 'ocr_vqa', 'ocr_vqa/'],
  ['textvqa/', 'textvqa', ''],
  ['vg/VG_100K/', 'VG_100K', 'VG_100K/'],
  ['vg/VG_100K_2/', 'VG_100K_2', 'VG_100K_2/'],
  ['sam/images/', 'sam', ''],
  ['llava/llava_pretrain/images/', 'llava', ''],
  ['wikiart/images/', 'wikiart', 'data/wikiart/images/'],
  ['share_textvqa/images/', 'share_textvqa', 'data/share_textvqa/images/'],
  ['web-celebrity/images/', 'web-celebrity', 'data/web-celebrity/images/'],
  ['web-landmark/images/', 'web-landmark', 'data/web-landmark/images/'],
] as const;

type Archive = (typeof PLACES)[number][1];

/** Archives of SWIFT's collection. https://modelscope.cn/datasets/hjh0119/sharegpt4v-images */
export function sharedImages(archives: readonly Archive[], subsets?: readonly string[]): MediaFiles[] {
  return archives.map((name) => ({
    name,
    ms: 'hjh0119/sharegpt4v-images',
    files: [name === 'ocr_vqa' ? `${name}.tar` : `${name}.zip`],
    ...(subsets && { subsets }),
  }));
}

/** LLaVA's own six. */
export const LLAVA_IMAGES = sharedImages(['coco', 'gqa', 'ocr_vqa', 'textvqa', 'VG_100K', 'VG_100K_2']);

/** The file of an image by the path that a row gives; undefined where it is in no archive. */
export function sharedImage(path: unknown, { media }: PreprocessContext): string | undefined {
  const place = PLACES.find(([begin]) => textIn(path).startsWith(begin));
  return place && media?.(place[1], place[2] + textIn(path).slice(place[0].length));
}
