/** Datasets of captions, in the columns and files of the real ones. */
import { card, jsonl, shard, table, type Files } from './layout.js';
import type { Seen } from './media-files.js';

export function captionedFiles(seen: readonly Seen[]): Readonly<Record<string, Files>> {
  const captions = seen.map(({ scene: { name }, image }, i) => ({
    image_id: String(i),
    image,
    caption: `A ${name}.&&A square that is coloured.`,
  }));
  const formula = seen.map(({ image }, i) => ({ image, text: `x ^ { ${i} } + y` }));
  const coco = {
    'coco_2014_caption/train.jsonl': jsonl(captions),
    'coco_2014_caption/validation.jsonl': jsonl(captions.slice(0, 2)),
  };
  return {
    'coco-en': coco,
    'sa1b-paired-caption': {
      'train.csv': table(
        seen.map(({ url }, i) => ({ opensource_url: url, global_caption: `图片里有${i}。` })),
        ',',
      ),
    },
    'sa1b-dense-caption': {
      'train.csv': table(
        seen.map(({ url }, i) => ({
          url,
          cap_seg: `{'global_caption': '图片里有${i}。', 'caption_seg': None}`,
        })),
        ',',
      ),
    },
    pixelprose: {
      ...Object.fromEntries(
        ['cc12m', 'commonpool', 'redcaps'].map((split, part) => [
          `data/vlm_captions_${split}_00.jsonl`,
          jsonl(
            seen.slice(part * 4, part * 4 + 4).map(({ scene: { name }, url }, i) => ({
              ...{ uid: String(i), url, key: `${i}`, status: 'success', original_caption: name },
              ...{ vlm_model: 'gemini-pro-vision', vlm_caption: ` This image displays: A ${name}.`.trim() },
            })),
          ),
        ]),
      ),
    },
    'text-caps': {
      [shard()]: jsonl(seen.map(textCaption)),
      [shard('validation')]: jsonl(seen.slice(0, 2).map(textCaption)),
      [shard('test')]: jsonl([]),
    },
    'gpt4v-dataset': {
      'train.jsonl': jsonl(
        seen.map(({ scene: { name }, url }, i) => ({
          link: url,
          message_id: String(i),
          caption: `A ${name}.`,
          timestamp: '2023',
        })),
      ),
    },
    'moondream2-coyo-5M': {
      [shard()]: jsonl(
        seen.map(({ scene: { name }, url }, id) => ({
          id,
          url,
          text: name,
          moondream2_caption: `A ${name}.`,
        })),
      ),
    },
    'latex-ocr-print': {
      ...card('full', 'synthetic_handwrite'),
      ...Object.fromEntries(
        ['full', 'synthetic_handwrite'].flatMap((folder) =>
          ['train', 'validation', 'test'].map((split, i) => [
            shard(split, folder),
            jsonl(formula.slice(i, i + 3)),
          ]),
        ),
      ),
    },
  };
}

function textCaption({ scene: { name }, image }: Seen, i: number): object {
  return {
    ocr_tokens: [],
    ocr_info: [],
    image,
    image_id: String(i),
    image_classes: [],
    reference_strs: [`A sign that says ${name}.`, name],
    reference_tokens: [],
  };
}
