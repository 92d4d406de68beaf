import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeLetters } from './letters.js';
import { QUICKSTART, ROOT, scratch, swift, TINY } from './swift.js';

const cwd = scratch();
const PAIRS = join(ROOT, 'assets/datasets/preferences.jsonl');

writeLetters(cwd);

/** @param flags in place of those here */
function rlhf(rlhf_type: string, output_dir: string, flags: Readonly<Record<string, string>> = {}) {
  const all = {
    model: TINY,
    dataset: QUICKSTART,
    output_dir,
    add_output_dir_suffix: 'false',
    dataset_test_ratio: '0',
    batch_size: '8',
    gradient_accumulation_steps: '1',
    max_steps: '4',
    logging_steps: '1',
    learning_rate: '1e-3',
    ...flags,
  };
  const argv = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]);
  return swift(['rlhf', '--rlhf_type', rlhf_type, ...argv], { cwd });
}

const lines = (...path: string[]): Record<string, unknown>[] =>
  readFileSync(join(cwd, ...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const LETTERS = { plugins: './letters.ts', reward_funcs: 'letters', max_completion_length: '12' };

test('the best checkpoint is the one whose answers are worth most', () => {
  const flags = {
    ...{ ...LETTERS, num_generations: '4', val_dataset: `${QUICKSTART}#4`, max_steps: '3' },
    ...{ eval_steps: '1', save_total_limit: '9', temperature: '1.2', learning_rate: '1e-2' },
  };
  const run = rlhf('grpo', 'best', flags);
  const rewards = lines('best', 'logging.jsonl').flatMap(({ eval_reward: said }) =>
    said === undefined ? [] : [Number(said)],
  );
  expect(rewards).toHaveLength(3);
  const best = rewards.indexOf(Math.max(...rewards)) + 1;
  expect(run.stdout).toMatch(new RegExp(`best_model_checkpoint: .*checkpoint-${best} \\(eval_reward `));
  const state = JSON.parse(
    readFileSync(join(cwd, 'best', 'checkpoint-3', 'trainer_state.json'), 'utf8'),
  ) as Record<string, unknown>;
  expect(state.best_global_step).toBe(best);
  const other = rlhf('grpo', 'other', { ...flags, metric_for_best_model: 'rewad', max_steps: '1' });
  expect(other.status).toBe(2);
  expect(other.stderr).toContain("Did you mean 'reward'?");
});

describe('grpo', () => {
  const flags = {
    ...LETTERS,
    num_iterations: '2',
    temperature: '1.2',
    save_steps: '1',
    save_total_limit: '9',
  };

  test('keeps its answers with what they are worth, and goes on with those of a step before', () => {
    const whole = rlhf('grpo', 'grpo', flags);
    expect(whole.stderr).toMatch(/step 4\/4 {2}loss -?\d\.\d+ {2}reward \d\.\d+/);
    const table = lines('grpo', 'completions.jsonl');
    // Two steps learn from eight answers to one question.
    expect(table.map(({ step }) => step)).toEqual([...Array(8).fill(1), ...Array(8).fill(3)]);
    for (const { rewards, reward, completion } of table) {
      expect(rewards).toEqual({ letters: reward });
      const letters = [...String(completion)].filter((letter) => letter === 'e').length;
      expect(reward).toBeCloseTo(letters / Math.max(1, String(completion).length), 6);
    }
    // In the middle of answers that are learned from twice.
    const again = rlhf('grpo', 'grpo-again', { ...flags, resume_from_checkpoint: 'grpo/checkpoint-3' });
    expect(again.stderr).toContain('going on from step 3');
    const adapter = (folder: string) =>
      readFileSync(join(cwd, folder, 'checkpoint-4/adapter_model.safetensors'));
    expect(adapter('grpo-again')).toEqual(adapter('grpo'));
  });

  test('comes to the same with weights on disk', () => {
    const on = (folder: string, offload_weights: string) =>
      rlhf('grpo', folder, { ...LETTERS, max_steps: '2', offload_weights }).status;
    expect([on('in-memory', 'false'), on('on-disk', 'true')]).toEqual([0, 0]);
    expect(lines('on-disk', 'completions.jsonl')).toEqual(lines('in-memory', 'completions.jsonl'));
  });

  test('the job says what is rewarded', () => {
    const { objective } = JSON.parse(readFileSync(join(cwd, 'grpo', 'job.json'), 'utf8')) as {
      objective: object;
    };
    expect(objective).toMatchObject({
      id: 'grpo',
      rewards: [{ id: 'letters', weight: 1, options: {} }],
      reference: { model: 'before', precompute: false },
    });
  });

  test('refuses to learn of answers of which nothing says what they are worth', () => {
    const { status, stderr } = rlhf('grpo', 'refused');
    expect(stderr).toContain('nothing says what answers are worth');
    expect(status).toBe(2);
  });

  test.each([
    [{ reward_funcs: 'lettres' }, "no reward 'lettres'"],
    [{ reward_funcs: 'letters letters' }, "'letters' is given twice"],
    [{ reward_weights: '1 2' }, '2 weights for 1 reward'],
    [{ num_generations: '5' }, 'holds no whole number of prompts'],
    [{ soft_max_length: '5' }, "'soft_max_length' is of reward soft_overlong"],
    [{ precompute_ref_log_probs: 'true' }, 'written as training goes'],
    [{ truncation_strategy: 'right' }, 'no question'],
    [{ loss_scale: 'react' }, 'no token is learned here'],
    [{ teacher_model: 'x' }, 'grpo has no teacher'],
    [{ dataset: 'answers.jsonl' }, 'the row asks nothing'],
    [{ reward_model: TINY }, 'it has no score head'],
  ])('refuses %o', (wrong: Readonly<Record<string, string>>, message) => {
    writeFileSync(join(cwd, 'answers.jsonl'), '{"messages":[{"role":"assistant","content":"Hello"}]}\n');
    const { status, stderr } = rlhf('grpo', 'refused', { ...LETTERS, ...wrong });
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });
});

test('ppo trains a value head beside the answers, which no answer and no merged model needs', () => {
  const { status, stderr } = rlhf('ppo', 'ppo', { ...LETTERS, num_ppo_epochs: '2' });
  expect(stderr).toMatch(/reward \d/);
  expect(status).toBe(0);
  const asked = ['--query', 'Who are you?', '--temperature', '0'];
  const answer = swift(['infer', '--ckpt_dir', 'ppo/checkpoint-4', ...asked], { cwd });
  expect(answer.status).toBe(0);
  const exported = [
    'export',
    '--ckpt_dir',
    'ppo/checkpoint-4',
    '--merge_lora',
    'true',
    '--output_dir',
    'merged',
  ];
  expect(swift(exported, { cwd }).status).toBe(0);
  const merged = swift(['infer', '--model', 'merged', ...asked], { cwd });
  expect(merged.stdout).toBe(answer.stdout);
  expect(merged.stderr).not.toContain('value.weight');
});

test('gkd learns from rows and from its own answers, held against a teacher', () => {
  const flags = { max_completion_length: '8', dataset_test_ratio: '0.1' };
  const sft = ['--dataset', QUICKSTART, '--max_steps', '20', '--learning_rate', '1e-3', '--sft_type', 'full'];
  const taught = ['--output_dir', 'taught', '--add_output_dir_suffix', 'false', '--batch_size', '8'];
  const teacher = swift(['sft', '--model', TINY, ...sft, ...taught, '--gradient_accumulation_steps', '1'], {
    cwd,
  });
  expect(teacher.status).toBe(0);
  const { status, stderr } = rlhf('gkd', 'gkd', {
    ...flags,
    teacher_model: 'taught/checkpoint-20',
    max_steps: '6',
  });
  expect(status, stderr).toBe(0);
  const log = lines('gkd', 'logging.jsonl');
  const shares = log.flatMap(({ on_policy }) => (typeof on_policy === 'number' ? [on_policy] : []));
  expect(new Set(shares)).toEqual(new Set([0, 1]));
  const evaluated = log.flatMap(({ eval_divergence }) =>
    typeof eval_divergence === 'number' ? [eval_divergence] : [],
  );
  expect(evaluated.at(-1)).toBeGreaterThan(0);
});

test('a reward model learns pairs, and then judges answers', () => {
  const learned = rlhf('rm', 'rm', { dataset: PAIRS, max_steps: '6' });
  expect(learned.stderr).toMatch(/rewards\/accuracies 1\.000/);
  const { reward_funcs: _none, ...rest } = LETTERS;
  const judged = rlhf('grpo', 'judged', { ...rest, reward_model: 'rm/checkpoint-6', max_steps: '1' });
  expect(judged.status, judged.stderr).toBe(0);
  for (const { rewards } of lines('judged', 'completions.jsonl'))
    expect(Object.keys(rewards as object)).toEqual(['reward_model']);
});
