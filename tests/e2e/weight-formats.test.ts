import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathAfter, QUICKSTART, scratch, swift, TINY } from './swift.js';

const SFT = [
  ...['sft', '--model', TINY, '--dataset', QUICKSTART, '--target_modules', 'ALL', '--learning_rate', '5e-3'],
  ...['--batch_size', '8', '--gradient_accumulation_steps', '1', '--logging_steps', '1'],
];

test.each([
  ['nf4', ['--quant_bits', '4', '--quant_group_size', '32'], /weights: .*28 nf4/],
  ['int4', ['--quant_bits', '4', '--quant_method', 'rtn', '--quant_group_size', '32'], /weights: .*28 int4/],
  [
    'int8',
    ['--quant_bits', '8', '--compute_precision', 'int8'],
    /cores, int8 in the linear layers, else float32[^]*int8 compute on the first micro-batch: loss/,
  ],
])('an adapter over %s weights learns, and answers over them', (format, flags, said) => {
  const cwd = scratch();
  const run = swift([...SFT, ...flags, '--num_train_epochs', '6'], { cwd });
  expect(run.stderr).toMatch(said);
  expect(run.status).toBe(0);
  const checkpoint = pathAfter('last_model_checkpoint', run.stdout);
  const quantized = flags.filter((flag) => flag !== '--compute_precision' && flag !== 'int8');
  const ask = ['infer', '--ckpt_dir', checkpoint, '--query', 'What is your name?', '--temperature', '0'];
  const answered = swift([...ask, ...quantized], { cwd });
  expect(answered.stdout).toContain('Robin');
  // Over the format that was asked for, and not over whole weights.
  expect(answered.stderr).toMatch(new RegExp(`weights: .*28 ${format}`));
  expect(swift(ask, { cwd }).stderr).not.toMatch(new RegExp(`weights: .*28 ${format}`));
});

test.each([
  [
    ['infer', '--query', 'Hello', '--merge_lora', 'true', '--quant_bits', '4'],
    /--quant_bits 4: an adapter is merged/,
  ],
  [
    ['export', '--ckpt_dir', TINY, '--merge_lora', 'true', '--quant_bits', '8'],
    /--quant_bits 8: an adapter is merged/,
  ],
  [['infer', '--query', 'Hello', '--merge_lora', 'true'], /there is no adapter to merge/],
  [['export', '--ckpt_dir', TINY, '--merge_lora', 'true'], /there is no adapter to merge/],
])('%j is refused: there is nothing to merge, or into nothing whole', ([command, ...flags], said) => {
  const run = swift([command, '--model', TINY, ...flags], { cwd: scratch() });
  expect(run.stderr).toMatch(said);
  expect(run.status).toBe(2);
});

test('offloading weights and activations changes no byte of the adapter', () => {
  const cwd = scratch();
  const adapter = (folder: string, flags: readonly string[]): Buffer => {
    const run = swift(
      [...SFT, ...flags, '--max_steps', '3', '--output_dir', folder, '--add_output_dir_suffix', 'false'],
      { cwd },
    );
    expect(run.status).toBe(0);
    if (flags.includes('--memory_report'))
      expect(run.stderr).toMatch(/memory: .* GiB {2}weights on disk, bf16/);
    return readFileSync(join(cwd, folder, 'checkpoint-3', 'adapter_model.safetensors'));
  };
  const plain = adapter('plain', []);
  const flags = ['--offload_weights', 'true', '--offload_activations', 'true', '--memory_report', 'true'];
  expect(adapter('offloaded', flags).equals(plain)).toBe(true);
});

test.each([
  [['--quant_bits', '8', '--sft_type', 'full'], /is held in int8 and cannot train/],
  [['--offload_weights', 'true', '--sft_type', 'full'], /lies on disk and cannot train/],
  [['--compute_precision', 'int8'], /no linear layer is held in int8/],
  [['--offload_activations', 'true', '--gradient_checkpointing', 'true'], /are both given/],
  [['--quant_bits', '3'], /--quant_bits 3: bnb has no such format/],
  [['--quant_bits', '4', '--quant_method', 'bnbb'], /bnb/],
])('%j is refused with a way out', (flags, said) => {
  const run = swift([...SFT, ...flags, '--max_steps', '1'], { cwd: scratch() });
  expect(run.stderr).toMatch(said);
  expect(run.stderr).not.toMatch(/\n {4}at /);
  expect(run.status).toBe(2);
});
