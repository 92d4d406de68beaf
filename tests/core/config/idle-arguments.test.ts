import { expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';

function heard(...words: readonly string[]): string[] {
  const said: string[] = [];
  commandLine(words[0] === 'infer' ? 'infer' : 'sft', words.slice(1), {
    warn: (message) => said.push(message),
  });
  return said;
}

test.each([
  [['sft', '--quant_method', 'rtn'], '--quant_method has no effect: nothing is quantized'],
  [['sft', '--freeze_parameters', 'model'], '--freeze_parameters has no effect: it is of full tuning'],
  [
    ['sft', '--sft_type', 'full', '--lora_rank', '4'],
    '--lora_rank has no effect: full tuning has no adapter',
  ],
  [
    ['sft', '--target_modules', 'q_proj', '--target_regex', '.*'],
    '--target_modules has no effect: target_regex',
  ],
  [
    ['sft', '--early_stop_interval', '3', '--evaluation_strategy', 'no'],
    '--early_stop_interval has no effect',
  ],
  [
    ['sft', '--metric_for_best_model', 'acc', '--dataset_test_ratio', '0'],
    '--metric_for_best_model has no effect: no rows are held out',
  ],
  [['sft', '--max_new_tokens', '8'], '--max_new_tokens has no effect: nothing is answered without'],
  [['sft', '--save_strategy', 'no', '--save_steps', '5'], '--save_steps has no effect'],
  [['sft', '--resume_only_model', 'true'], '--resume_only_model has no effect'],
  [['sft', '--split_dataset_ratio', '0.5', '--val_dataset', 'x'], '--split_dataset_ratio has no effect'],
  [['infer', '--do_sample', 'false', '--top_k', '3'], '--top_k has no effect: do_sample false'],
])('%j says what it leaves idle', (words, said) => {
  expect(heard(...words)).toEqual([expect.stringContaining(said) as string]);
});

test.each([
  [['sft', '--quant_method', 'rtn', '--quant_bits', '4']],
  [['sft', '--sft_type', 'full', '--lora_rank', '8']],
  [['sft', '--eval_steps', '5', '--evaluation_strategy', 'epoch']],
  [['sft', '--early_stop_interval', '3', '--val_dataset', 'x']],
  [['sft', '--predict_with_generate', 'true', '--max_new_tokens', '8']],
  [['infer', '--temperature', '0.5', '--top_k', '3']],
])('%j has effect, or is as if not given', (words) => {
  expect(heard(...words)).toEqual([]);
});
