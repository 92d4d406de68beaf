import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Message } from '../../../core/contracts/row.js';
import { seePrompt, type OpenedMedia } from '../../../core/data/media/seen-rows.js';
import { collate } from '../../../core/data/collate.js';
import type { MediaFiles } from '../../../core/data/media/media-files.js';
import { openSafetensors } from '../../../core/io/safetensors/index.js';
import { withoutFormerNames } from '../../../core/model/former-names.js';
import { seen } from '../../../core/runtime/media-inputs.js';
import { backendOf, fixture, plugins, readJson } from '../../../parity/cases.js';
import { logitsOf } from '../../../parity/compute.js';
import { largestDifference } from '../../../parity/measure.js';
import { loadMultimodal } from '../../../parity/multimodal-case.js';
import { allTemplates } from '../templates/all-templates.js';

type Fields = Readonly<Record<string, unknown>>;

const folder = fixture('multimodal', 'florence');
const config = readJson<Record<string, Fields>>(join(folder, 'config.json'));
const { instance, meta } = await plugins().resolve('model', 'florence-2-base');
const template = (await allTemplates()).get('florence')!;

/** As the authors' own code calls the fields of its tower. */
const { embed_dim: dim_embed, max_position_embeddings: max_pos_embeddings, ...vision } = config.vision_config;
const own = {
  ...config,
  vision_config: {
    ...vision,
    model_type: 'davit',
    dim_embed,
    image_pos_embed: { type: 'learned_abs_2d', max_pos_embeddings },
    visual_temporal_embedding: { type: 'COSINE', max_temporal_embeddings: 10 },
    image_feature_source: ['spatial_avg_pool', 'temporal_avg_pool'],
  },
};

/** And its tensors. */
const ownName = (name: string): string =>
  name
    .replace(/^model\.vision_tower\./, 'vision_tower.')
    .replace(/^(vision_tower\.convs\.\d\.)conv\./, '$1proj.')
    .replace(/(_block\.conv\d)\./, '$1.fn.dw.')
    .replace(/(spatial_block\.)norm1\./, '$1window_attn.norm.')
    .replace(/(channel_block\.)norm1\./, '$1channel_attn.norm.')
    .replace(/_attn\.(qkv|proj)\./, '_attn.fn.$1.')
    .replace(/_block\.norm2\./, '_block.ffn.norm.')
    .replace(/\.ffn\.(fc\d)\./, '.ffn.fn.net.$1.')
    .replace(/^model\.multi_modal_projector\.image_projection\.weight$/, 'image_projection')
    .replace(/^model\.multi_modal_projector\.image_position_embed\./, 'image_pos_embed.')
    .replace(/^model\.multi_modal_projector\./, '')
    .replace(/^model\.language_model\./, 'language_model.model.');

test("the authors' own layout has the same logits", async () => {
  const { model, samples } = await loadMultimodal('florence');
  const other = instance.build(own);
  const file = await openSafetensors(join(folder, 'model.safetensors'));
  const named = new Map([...file.names()].map((name) => [ownName(name), name]));
  const renamed = { ...file, names: () => [...named.keys()], has: (name: string) => named.has(name) };
  const { source } = withoutFormerNames(
    { ...renamed, readFloat32: (name: string) => file.readFloat32(named.get(name)!) },
    meta.former_names,
  );
  for (const [name, parameter] of other.namedParameters()) {
    const data = await source.readFloat32(name);
    parameter.data = name.endsWith('image_projection.weight') ? transposed(data, parameter.shape) : data;
  }
  await file.close();
  const backend = await backendOf('onnxruntime');
  const [sample] = samples;
  const batch = collate([[sample]], { seq: sample.input_ids.length, pad_token_id: 0 });
  const [ours, theirs] = await Promise.all(
    [other, model].map(async (one) => logitsOf(one, backend, await seen(batch, one))),
  );
  expect(largestDifference(ours, theirs)).toBeLessThan(1e-6);
});

/** [out, in] to [in, out], which is `shape`. */
function transposed(data: Float32Array, [rows, columns]: readonly number[]): Float32Array {
  return data.map((_, i) => data[(i % columns) * rows + Math.floor(i / columns)]);
}

test.each([
  ['image_feature_source', ['last_frame']],
  ['visual_temporal_embedding', { type: 'LEARNED' }],
  ['image_pos_embed', { type: 'rotary' }],
])('%s %o is refused', (field, value) => {
  expect(() => instance.build({ ...own, vision_config: { ...own.vision_config, [field]: value } })).toThrow(
    /expected/,
  );
});

/** Letters are ids, and each special token one of its own. */
const special = ['<s>', '</s>'];
const letters = {
  vocabSize: 0,
  specialTokens: { eos_token: '</s>' },
  encode: (text: string) =>
    (text.match(/<\/?s>|./gs) ?? []).map((piece) =>
      special.includes(piece) ? special.indexOf(piece) : piece.codePointAt(0)!,
    ),
  decode: (ids: readonly number[]) => ids.map((id) => special[id] ?? String.fromCodePoint(id)).join(''),
  tokenToId: (token: string) => (special.includes(token) ? special.indexOf(token) : undefined),
  idToToken: (id: number) => special[id],
};
const asked = (content: string): Message[] => [{ role: 'user', content }];

test.each([
  ['<OD>', 'Locate the objects with category name in the image.'],
  ['<CAPTION_TO_PHRASE_GROUNDING> a dog', 'Locate the phrases in the caption: a dog'],
  ['What is this?', 'What is this?'],
])('%s is asked as its authors ask it', (task, question) => {
  expect(letters.decode(template.prompt(asked(task), letters))).toBe(`<s>${question}</s></s><s>`);
});

test('texts are as long as the table of positions', () => {
  expect(instance.build(config).tower!.mostRead!([24])).toBe(40 - 10);
});

test('the encoder reads the question, the decoder learns the answer and what begins it', () => {
  const row = { messages: [...asked('<OD>'), { role: 'assistant' as const, content: 'dog<loc_1>' }] };
  const result = template.encode(row, letters);
  if (result.kind !== 'sample') throw new Error('dropped');
  const { input_ids, labels } = result.sample;
  const picture = { grid: [24], features: 1, digest: 'd', load: () => Promise.reject(new Error('unread')) };
  const opened: OpenedMedia = { image: [{ ...picture, kind: 'image', index: 0 }], video: [], audio: [] };
  const processor = instance.processor!(config, { size: { height: 24, width: 24 } }, 'florence');
  const tower = { features: () => 1, mostRead: () => 60 };
  const files = { sight: { processor, tower }, kinds: ['image'] } as unknown as MediaFiles;
  const prompt = seePrompt(row.messages, opened, letters, files);
  const from = prompt.read(input_ids);
  expect(letters.decode(input_ids.slice(0, from))).toBe(
    '<s>Locate the objects with category name in the image.</s>',
  );
  expect(letters.decode(input_ids.slice(from))).toBe('</s><s>dog<loc_1></s>');
  expect(letters.decode(labels.filter((id) => id >= 0))).toBe('<s>dog<loc_1></s>');
  const media = prompt.media(input_ids);
  if (typeof media !== 'object') throw new Error('no media');
  expect(media.spans).toEqual([{ start: 0, length: 1, grid: [24, from], read: input_ids.slice(0, from) }]);
  const long = [...new Array<number>(60).fill(9), 1];
  expect(() => prompt.media(long)).toThrow('the model reads 60 tokens with its image, not 61.');
  expect(() => seePrompt(row.messages, { ...opened, image: [] }, letters, files)).toThrow(
    /has 0 images; the model takes one/,
  );
});
