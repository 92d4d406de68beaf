/** What differs from a checkpoint's run is told in words that one can give. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { commandOptions } from '../../../core/config/command-line.js';
import { checkResume } from '../../../core/sdk/resume.js';
import { services } from '../../../core/sdk/default-services.js';

const own = services({ log: { info: () => {}, warn: () => {} } });
const args = (given: object) => commandOptions('sft', { dataset: ['x.jsonl'], ...given }, own);

function checkpoint(written: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'swift-'));
  for (const name of ['trainer_state.json', 'optimizer.safetensors']) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'args.json'), JSON.stringify({ command: 'sft', ...written }));
  return folder;
}

test('a learning rate that was left out is called the default, with its value', async () => {
  const going = checkResume(checkpoint(args({})), 'sft', args({ learning_rate: 0.5 }), own);
  await expect(going).rejects.toMatchObject({
    code: 'RESUME_MISMATCH',
    cure: expect.arrayContaining([
      'learning_rate: was the default (1e-4 for adapters, 1e-5 for full), is 0.5',
    ]) as string[],
  });
});

test('the same validation file, called by another path, is the same', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'swift-')), 'rows.jsonl');
  writeFileSync(file, '');
  const folder = checkpoint(args({ val_dataset: [file] }));
  const called = relative(process.cwd(), file);
  await checkResume(folder, 'sft', args({ val_dataset: [called] }), own);
  const other = args({ val_dataset: [`${called}#1`] });
  await expect(checkResume(folder, 'sft', other, own)).rejects.toThrow('other arguments: val_dataset');
});

test('a checkpoint of before an argument existed did what is its default', async () => {
  const { neftune_noise_alpha: _none, ...earlier } = args({}) as unknown as Record<string, unknown>;
  await checkResume(checkpoint(earlier), 'sft', args({}), own);
  const other = args({ neftune_noise_alpha: 5 });
  await expect(checkResume(checkpoint(earlier), 'sft', other, own)).rejects.toThrow('neftune_noise_alpha');
});
