/** What a merged or fully tuned checkpoint keeps of its base. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportMerged } from '../../../core/sdk/export.js';
import { services } from '../../../core/sdk/default-services.js';
import { LoraConfig, Model, Swift } from '../../../core/sdk/swift.js';
import { loadModel, type LoadedModel } from '../../../core/model/load-model.js';
import { writeModelFolder } from '../../../core/model/write-model.js';
import { TINY } from '../../e2e/swift.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const KEPT = {
  'generation_config.json': '{"eos_token_id": [0, 2], "temperature": 0.60, "top_k": 20}',
  'special_tokens_map.json': '{ "eos_token": "<|im_end|>" }',
  'chat_template.jinja': '{{ messages[0].content }}',
  'additional_chat_templates/tools.jinja': '{{ tools }}',
  'tokenizer.model': 'sentencepiece',
  'modeling_own.py': 'raise SystemExit("never run")',
};

function base(): string {
  const folder = join(temporaryFolder(), 'base');
  cpSync(TINY, folder, { recursive: true });
  mkdirSync(join(folder, 'additional_chat_templates'));
  for (const [name, text] of Object.entries(KEPT)) writeFileSync(join(folder, name), text);
  const config = readFileSync(join(folder, 'config.json'), 'utf8').replace(
    '10000,',
    '10000.0,\n "max_step": Infinity,',
  );
  writeFileSync(join(folder, 'config.json'), config);
  writeFileSync(join(folder, 'README.md'), 'not part of the model');
  return folder;
}

const load = (folder: string, dtype?: 'fp32'): Promise<LoadedModel> =>
  loadModel({ model_id_or_path: folder, use_hf: true, dtype }, services());

test('generation, tokenizer, template, code and config stay as they are, even when the base is gone', async () => {
  const folder = base();
  const loaded = await load(folder);
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', ...Object.keys(KEPT)];
  const before = new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  rmSync(folder, { recursive: true });
  const written = temporaryFolder();
  await writeModelFolder(written, loaded);
  for (const [name, text] of before) expect(readFileSync(join(written, name), 'utf8'), name).toBe(text);
  expect(readdirSync(written)).not.toContain('README.md');
});

test('a dtype that was asked for is the one written, and config.json says so', async () => {
  const folder = base();
  const written = temporaryFolder();
  await writeModelFolder(written, await load(folder, 'fp32'));
  const text = (at: string): string => readFileSync(join(at, 'config.json'), 'utf8');
  expect(text(written)).toBe(text(folder).replace('"bfloat16"', '"float32"'));
  const bytes = (at: string): number => readFileSync(join(at, 'model.safetensors')).length;
  expect(bytes(written) / bytes(folder)).toBeCloseTo(2, 1);
});

test('an untrained adapter merges to the very same bytes', async () => {
  const model = await Swift.prepareModel(await Model.fromPretrained(TINY), { default: LoraConfig() });
  const written = await exportMerged(model, join(temporaryFolder(), 'merged'));
  const again = await load(written);
  const names = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];
  for (const name of names)
    expect(readFileSync(join(written, name)).equals(readFileSync(join(TINY, name))), name).toBe(true);
  const original = await load(TINY);
  const held = new Map(again.model.namedParameters());
  for (const [name, { weight }] of original.model.namedParameters())
    expect(held.get(name)!.weight.parts, name).toEqual(weight.parts);
});
