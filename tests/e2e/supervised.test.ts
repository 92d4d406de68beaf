import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nlgScores } from '../../core/eval/nlg.js';
import { QUICKSTART, scratch, swift, TINY } from './swift.js';

const cwd = scratch();

/** @param flags in place of those here */
function train(command: 'sft' | 'pt', output_dir: string, flags: Readonly<Record<string, string>> = {}) {
  const all = {
    model: TINY,
    dataset: QUICKSTART,
    output_dir,
    add_output_dir_suffix: 'false',
    dataset_test_ratio: '0',
    batch_size: '4',
    gradient_accumulation_steps: '1',
    max_steps: '4',
    logging_steps: '1',
    learning_rate: '5e-3',
    target_modules: 'ALL',
    ...flags,
  };
  const argv = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]);
  return swift([command, ...argv], { cwd });
}

const lines = (...path: string[]): Record<string, unknown>[] =>
  readFileSync(join(cwd, ...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('predict_with_generate', () => {
  const flags = {
    ...{ predict_with_generate: 'true', max_new_tokens: '24', val_dataset: `${QUICKSTART}#4` },
    ...{ eval_steps: '2', save_total_limit: '9' },
  };

  test('answers the validation rows, logs what the answers come to, and compares checkpoints by it', () => {
    const run = train('sft', 'predict', flags);
    expect(run.stdout).toMatch(/best_model_checkpoint: .* \(eval_rouge-l \d/);
    const predicted = lines('predict', 'predict.jsonl') as unknown as {
      readonly step: number;
      readonly prompt: string;
      readonly response: string;
      readonly labels: string;
    }[];
    expect(predicted.map(({ step }) => step)).toEqual([2, 2, 2, 2, 4, 4, 4, 4]);
    expect(predicted[0].labels).toBe('The capital of Norway is Oslo.');
    const evaluated = lines('predict', 'logging.jsonl').filter((entry) => 'eval_loss' in entry);
    evaluated.forEach((entry, i) => {
      const own = predicted.slice(4 * i, 4 * i + 4);
      const scores = nlgScores(
        own.map(({ response, labels }) => ({ candidate: response, reference: labels })),
      )!;
      for (const [name, value] of Object.entries(scores)) expect(entry[`eval_${name}`]).toBeCloseTo(value, 4);
    });

    const again = train('sft', 'predict', {
      ...flags,
      resume_from_checkpoint: join('predict', 'checkpoint-2'),
      output_dir: 'again',
    });
    expect(again.stderr).toContain('4/4');
    expect(lines('again', 'predict.jsonl')).toEqual(predicted.slice(4));
  });

  test('is of sft', () => {
    const run = train('pt', 'pt', { predict_with_generate: 'true' });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('predict_with_generate');
  });
});
