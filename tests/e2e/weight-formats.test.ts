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
    /int8 compute on the first micro-batch: loss/,
  ],
])('an adapter over %s weights learns, and answers over them', (_, flags, said) => {
  const cwd = scratch();
  const run = swift([...SFT, ...flags, '--num_train_epochs', '6'], { cwd });
  expect(run.stderr).toMatch(said);
  expect(run.status).toBe(0);
  const checkpoint = pathAfter('last_model_checkpoint', run.stdout);
  const quantized = flags.filter((flag) => flag !== '--compute_precision' && flag !== 'int8');
  const ask = ['infer', '--ckpt_dir', checkpoint, '--query', 'What is your name?', '--temperature', '0'];
  expect(swift([...ask, ...quantized], { cwd }).stdout).toContain('Robin');
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
