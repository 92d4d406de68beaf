/** Datasets of conversations about images that lie in archives. */
import { zipOf } from './archives.js';
import { card, jsonl, shard, type Files } from './layout.js';
import { said, told } from './media-files.js';

export function conversedFiles(photo: Uint8Array): Readonly<Record<string, Files>> {
  const shared = [
    'coco/train2017/000000033471.jpg',
    'gqa/images/2354786.jpg',
    'ocr_vqa/images/0123.jpg',
    'textvqa/train_images/0a1b.jpg',
    'vg/VG_100K/2331.jpg',
    'vg/VG_100K_2/2406.jpg',
    'coco/train2017/missing.jpg',
  ];
  const shareGpt = [
    'coco/train2017/000000033471.jpg',
    'sam/images/sa_545504.jpg',
    'llava/llava_pretrain/images/00453/004539375.jpg',
    'wikiart/images/monet.jpg',
    'share_textvqa/images/1ab.jpg',
    'web-celebrity/images/ada.jpg',
    'web-landmark/images/tower.jpg',
  ];
  const rows = (paths: readonly string[]): object[] =>
    paths.map((image, id) => ({ id: String(id), image, conversations: said('What is above?', 'Red.') }));
  return {
    'llava-instruct-150k': {
      'llava_v1_5_mix665k.json': JSON.stringify([
        ...rows(shared),
        {
          id: 'text',
          conversations: [
            { from: 'human', value: 'Hello' },
            { from: 'gpt', value: 'Hi.' },
          ],
        },
      ]),
      'detail_23k.json': JSON.stringify(rows(['000000033471.jpg'])),
    },
    'llava-data-instruct': {
      ...card('llava_instruct'),
      [shard('train', 'llava_instruct')]: jsonl(
        shared.map((path, id) => ({
          id: String(id),
          images: [{ bytes: null, path }],
          conversation: told('<image>\nWhat is above?', 'Red.'),
        })),
      ),
    },
    'llava-pretrain': {
      'blip_laion_cc_sbu_558k.json': JSON.stringify(rows(['00453/004539375.jpg', '00453/missing.jpg'])),
      'blip_laion_cc_sbu_558k_meta.json': JSON.stringify([{ id: '0', image: 'x.jpg', blip_caption: 'red' }]),
      'images.zip': zipOf({ '00453/004539375.jpg': photo }),
    },
    sharegpt4v: {
      'README.md': `---\nconfigs:\n${[
        ['ShareGPT4V', 'sharegpt4v_instruct_gpt4-vision_cap100k.json'],
        ['ShareGPT4V-PT', 'share-captioner_coco_lcs_sam_1246k_1107.json'],
      ]
        .map(([name, file]) => `- config_name: ${name}\n  data_files: ${file}\n`)
        .join('')}---\n`,
      'sharegpt4v_instruct_gpt4-vision_cap100k.json': JSON.stringify(rows(shareGpt)),
      'share-captioner_coco_lcs_sam_1246k_1107.json': JSON.stringify(rows(shareGpt.slice(0, 3))),
    },
    'sharegpt-4o-image': {
      'README.md':
        '---\nconfigs:\n- config_name: image_caption\n  data_files:\n  - split: images\n    path: image_conversations/gpt-4o.jsonl\n---\n',
      'image_conversations/gpt-4o.jsonl': jsonl(
        ['1.jpg', '2.jpg'].map((image, id) => ({
          ...{ id: String(id), image, width: 40, height: 36 },
          conversations: said('Describe it.', 'Red above blue.'),
        })),
      ),
      'images.zip': zipOf({ 'mnt/petrelfs/wangwenhai/workspace_cef/4o/image/1.jpg': photo }),
    },
    'mantis-instruct': {
      ...card('birds-to-words', 'chartqa'),
      ...mantis('birds-to-words', photo),
      ...mantis('chartqa', photo),
    },
  };
}

function mantis(subset: string, photo: Uint8Array): Files {
  return {
    [shard('train', subset)]: jsonl([
      {
        id: `${subset}_0`,
        images: ['a.jpg', 'b.jpg'].map((path) => ({ bytes: null, path })),
        conversation: told('<image> <image> How do they differ?', `Not at all, says ${subset}.`),
        source: subset,
      },
    ]),
    [`${subset}/train_images.zip`]: zipOf({ 'a.jpg': photo, 'b.jpg': photo }),
  };
}
