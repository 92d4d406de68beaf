import { readFileSync, writeFileSync } from 'node:fs';
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

describe('neftune_noise_alpha', () => {
  test.each(['lora', 'full'])('a run of %s that goes on draws the same noise', (sft_type) => {
    const flags = {
      ...{ neftune_noise_alpha: '5', sft_type, save_steps: '2', save_total_limit: '9' },
      ...(sft_type === 'full' && { target_modules: 'ALL' }),
    };
    const weights = (folder: string): Buffer =>
      readFileSync(
        join(
          cwd,
          folder,
          'checkpoint-4',
          sft_type === 'lora' ? 'adapter_model.safetensors' : 'model.safetensors',
        ),
      );
    train('sft', `noise-${sft_type}`, flags);
    const resume_from_checkpoint = join(`noise-${sft_type}`, 'checkpoint-2');
    train('sft', `on-${sft_type}`, { ...flags, resume_from_checkpoint });
    expect(weights(`on-${sft_type}`).equals(weights(`noise-${sft_type}`))).toBe(true);
    const { neftune_noise_alpha: _, ...plain } = flags;
    train('sft', `plain-${sft_type}`, plain);
    expect(weights(`plain-${sft_type}`).equals(weights(`noise-${sft_type}`))).toBe(false);
  });
});

describe('losses of tokens', () => {
  writeFileSync(
    join(cwd, 'channels.jsonl'),
    Array.from({ length: 8 }, (_, i) => {
      const row = { query: `Say ${i}.`, response: `It is ${i}.`, channel: i % 2 ? 'odd' : 'even' };
      return `${JSON.stringify(row)}\n`;
    }).join(''),
  );

  test('are logged by channel, and are together the loss of plain fine-tuning', () => {
    const rows = { dataset: 'channels.jsonl', batch_size: '8' };
    train('sft', 'channels', { ...rows, enable_channel_loss: 'true' });
    train('sft', 'unnamed', rows);
    const logged = lines('channels', 'logging.jsonl');
    const plain = lines('unnamed', 'logging.jsonl');
    logged.forEach(({ loss, loss_odd, loss_even, token_acc }, i) => {
      expect(Number(loss)).toBeCloseTo(Number(plain[i].loss), 4);
      expect(Number(token_acc)).toBeCloseTo(Number(plain[i].acc), 6);
      // As many tokens in each.
      expect((Number(loss_odd) + Number(loss_even)) / 2).toBeCloseTo(Number(loss), 4);
    });
  });

  test('dynamic fine-tuning is packed like any other', () => {
    const run = train('sft', 'dft', { enable_dft_loss: 'true', packing: 'true', max_length: '512' });
    const logged = lines('dft', 'logging.jsonl').map(({ loss }) => Number(loss));
    expect(run.status).toBe(0);
    // −p·log p is 1/e at most.
    for (const loss of logged) expect(loss).toBeLessThan(Math.exp(-1));
  });

  test('are of whole answers', () => {
    const run = train('sft', 'weighed', { enable_dft_loss: 'true', loss_scale: 'react' });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('--loss_scale react: sft takes answers whole');
  });
});
