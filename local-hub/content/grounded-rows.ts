/** Datasets of boxes, in the columns and files of the real ones. */
import { jsonl, shard, type Files } from './layout.js';
import { cocoName, SCENES, type Scene, type Seen } from './media-files.js';

export function groundedFiles(seen: readonly Seen[]): Readonly<Record<string, Files>> {
  const referred = {
    [shard()]: jsonl(SCENES.map((scene, i) => referring(scene, cocoName(i), 'train'))),
    [shard('validation')]: jsonl([
      referring(SCENES[0], cocoName(0), 'val'),
      // In no archive.
      referring(SCENES[1], 'COCO_train2014_999999999999.jpg', 'val'),
    ]),
    [shard('test')]: jsonl([referring(SCENES[2], cocoName(2), 'testA')]),
  };
  return {
    refcoco: referred,
    refcocog: referred,
    grit: {
      'grit-20m/coyo_0_snappy.jsonl': jsonl([
        ...seen.map(({ scene, url }, i) => gritRow(scene, url, i)),
        {
          ...gritRow(SCENES[0], seen[0].url, 99),
          ref_exps: [
            [0, 8, 0, 0, 1, 1, 0.9],
            [2, 12, 0, 0, 1, 1, 0.9],
          ],
        },
      ]),
    },
    coco: {
      [shard()]: jsonl(
        seen.map(({ scene, image }, i) => ({
          image_id: i,
          image,
          width: scene.width,
          height: scene.height,
          objects: {
            bbox_id: [2 * i, 2 * i + 1],
            category: [73, 0],
            bbox: [scene.box, [0, 0, 8.5, 7.25]],
            area: [480, 61.6],
          },
        })),
      ),
      [shard('val')]: jsonl([]),
    },
  };
}

/** As jxu124/refcoco. */
function referring({ name, box }: Scene, file: string, split: string): object {
  const [x1, y1, x2, y2] = box;
  return {
    sent_ids: [0, 1],
    file_name: file,
    ann_id: 1719310,
    ref_id: 0,
    image_id: 581857,
    split,
    sentences: [{ raw: `the ${name}`, sent: `the ${name}`, sent_id: 0, tokens: ['the', ...name.split(' ')] }],
    category_id: 1,
    raw_anns: JSON.stringify({ bbox: [x1, y1, x2 - x1, y2 - y1] }),
    image_path: `coco/train2014/${file}`,
    bbox: [x1 + 0.25, y1 - 0.25, x2 + 0.4, y2],
    captions: [`the ${name}`, name],
    global_image_id: 'coco.581857',
    anns_id: 'coco.1719310',
  };
}

/** As GRIT: the named part of a caption, and its box in parts of the image. */
function gritRow({ name, width, height, box: [x1, y1, x2, y2] }: Scene, url: string, i: number): object {
  const caption = `A ${name} on a wall`;
  return {
    ...{ key: String(i), clip_similarity_vitb32: 0.3, clip_similarity_vitl14: 0.2, id: i, url, caption },
    ...{ width, height, noun_chunks: [[0, name.length + 2, 0, 0, 1, 1, 0.5]] },
    ref_exps: [[2, 2 + name.length, x1 / width, y1 / height, x2 / width, y2 / height, 0.98]],
  };
}
