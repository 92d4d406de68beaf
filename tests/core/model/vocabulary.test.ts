/** Token ids beyond the embedding: refused at load for the vocabulary itself, a data error for added tokens in use. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModel } from '../../../core/model/load-model.js';
import { services } from '../../../core/sdk/default-services.js';
import { QUICKSTART, scratch, swift, TINY } from '../../e2e/swift.js';
import { temporaryFolder } from '../io/temporary-folder.js';

interface TokenizerJson {
  added_tokens: object[];
  model: { vocab: Record<string, unknown> };
}

function model(change: (json: TokenizerJson) => void): string {
  const folder = join(temporaryFolder(), 'model');
  cpSync(TINY, folder, { recursive: true });
  const path = join(folder, 'tokenizer.json');
  const json = JSON.parse(readFileSync(path, 'utf8')) as TokenizerJson;
  change(json);
  writeFileSync(path, JSON.stringify(json));
  return folder;
}

const EXTRA = {
  content: '<extra>',
  id: 1024,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
};
const withExtra = (): string => model((json) => json.added_tokens.push({ ...EXTRA, normalized: false }));

describe('at load', () => {
  test.each([[1024], [-1], [2.5], [null]])(
    'a token of the vocabulary with the id %s is refused',
    async (id) => {
      const folder = model(({ model: { vocab } }) => (vocab.zzz = id));
      await expect(loadModel({ model_id_or_path: folder, use_hf: true }, services())).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
        message: expect.stringMatching(
          /"zzz" has the id .*, but the embedding has 1024 rows \(ids 0 to 1023\)/,
        ) as string,
      });
    },
  );

  test('an added token may lie beyond, and pads as any other would', async () => {
    const { template, tokenizer } = await loadModel(
      { model_id_or_path: withExtra(), use_hf: true },
      services(),
    );
    const ask = (content: string) => template.prompt([{ role: 'user', content }], tokenizer);
    expect(ask('Hello').length).toBeGreaterThan(3);
    expect(() => ask('a <extra>')).toThrow(
      /the token "<extra>" has the id 1024, but the model's embedding has 1024 rows/,
    );
  });
});

test('in use it is a data error that names token, file and line; or it is dropped and counted', () => {
  const cwd = scratch();
  const rows = readFileSync(QUICKSTART, 'utf8').trim().split('\n').slice(0, 8);
  rows[2] = JSON.stringify({ query: 'What is <extra>?', response: 'A token.' });
  writeFileSync(join(cwd, 'rows.jsonl'), rows.join('\n'));
  const sft = [
    ...['sft', '--model', withExtra(), '--dataset', 'rows.jsonl', '--dataset_test_ratio', '0'],
    ...['--max_steps', '1', '--output_dir', 'o'],
  ];
  const run = swift(sft, { cwd });
  expect(run.stderr).toMatch(/error \[BAD_ROW\]: .*rows\.jsonl:3: the token "<extra>" has the id 1024/);
  expect(run.status).toBe(2);
  const dropped = swift([...sft, '--check_dataset_strategy', 'discard'], { cwd });
  expect(dropped.stderr).toMatch(/rows\.jsonl: 8 read.*7 kept, 1 dropped/);
  expect(dropped.status).toBe(0);
  const asked = swift(
    ['infer', '--model', withExtra(), '--query', 'What is <extra>?', '--temperature', '0'],
    { cwd },
  );
  expect(asked.stderr).toMatch(/error \[BAD_ROW\]: the token "<extra>"/);
  expect(asked.status).toBe(2);
});
