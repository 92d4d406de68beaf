import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { services } from '../../../core/sdk/default-services.js';
import { learnedOf, type LossScaleArguments } from '../../../core/sdk/loss-scaling.js';
import { resolveJob } from '../../../core/sdk/index.js';
import { TINY } from '../../e2e/swift.js';

const { plugins } = services();
const folder = mkdtempSync(join(tmpdir(), 'swift-loss-scale-'));
const file = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const learned = (args: LossScaleArguments, usual: 'assistant' | 'all' = 'assistant') =>
  learnedOf(args, usual, plugins);
const RULES = { 'Step:': [2, 3] };

describe('what --loss_scale says', () => {
  test('nothing, and the strategies alone, take no rules', async () => {
    expect(await learned({})).toEqual({ supervise: 'assistant' });
    expect(await learned({}, 'all')).toEqual({ supervise: 'all' });
    expect(await learned({ loss_scale: 'default' }, 'all')).toEqual({ supervise: 'assistant' });
    expect(await learned({ loss_scale: 'all' })).toEqual({ supervise: 'all' });
    expect(await learned({ loss_scale: 'last_round' })).toEqual({
      supervise: 'assistant',
      loss_scale: { last_round: true, scales: [] },
    });
  });

  test('ids and files of rules are joined by +', async () => {
    const path = file('rules.json', RULES);
    const { loss_scale } = await learned({ loss_scale: `last_round+hermes+${path}` });
    expect(loss_scale).toEqual({
      last_round: true,
      scales: [{ response: { '<tool_call>.+?</tool_call>': [2] } }, { response: RULES }],
    });
  });

  test('a file may hold rules for answers and for questions', async () => {
    const path = file('both.json', { response: RULES, query: { 'Which?': [3], 'What?': 2 } });
    const { loss_scale } = await learned({ loss_scale: path });
    expect(loss_scale!.scales).toEqual([{ response: RULES, query: { 'Which?': 3, 'What?': 2 } }]);
  });

  test("SWIFT 2.4's names are those of today", async () => {
    const react = await learned({ loss_scale: 'react' });
    expect(await learned({ use_loss_scale: true })).toEqual(react);
    expect(await learned({ loss_scale: 'DEFAULT', use_loss_scale: true })).toEqual(react);
    expect(await learned({ loss_scale: 'agent-flan' })).toEqual(await learned({ loss_scale: 'agentflan' }));
    expect(await learned({ loss_scale: 'alpha-umi' })).toEqual(await learned({ loss_scale: 'alpha_umi' }));
  });

  test.each<[string, () => LossScaleArguments, RegExp]>([
    ['a switch that says the opposite', () => ({ use_loss_scale: false, loss_scale: 'react' }), /opposite/],
    ['a strategy that is not first', () => ({ loss_scale: 'react+all' }), /'all' is not the first/],
    ['an id nobody has', () => ({ loss_scale: 'reakt' }), /reakt/],
    ['no file', () => ({ loss_scale: 'nowhere.json' }), /nowhere\.json does not exist/],
    [
      'three weights',
      () => ({ loss_scale: file('3.json', { 'Next:': [2, 2, 1] }) }),
      /'Next:' weighs \[2,2,1\]/,
    ],
    ['less than nothing', () => ({ loss_scale: file('neg.json', { 'Next:': [-1, 2] }) }), /weighs \[-1,2\]/],
    ['no expression', () => ({ loss_scale: file('re.json', { '(': [2] }) }), /no regular expression/],
    [
      'both kinds in one list',
      () => ({ loss_scale: file('mix.json', { a: [1, 2], b: [2] }) }),
      /in one list/,
    ],
    ['an empty rule', () => ({ loss_scale: file('empty.json', { '': [1, 2] }) }), /empty text/],
    ['a list', () => ({ loss_scale: file('list.json', [1]) }), /no JSON object/],
  ])('%s is refused', async (_, args, message) => {
    await expect(learned(args())).rejects.toThrow(message);
  });
});

describe('a job', () => {
  const rows = join(folder, 'rows.jsonl');
  writeFileSync(rows, `${JSON.stringify({ query: 'q', response: 'Step: a' })}\n`);
  const pairs = join(folder, 'pairs.jsonl');
  writeFileSync(pairs, `${JSON.stringify({ prompt: 'q', chosen: 'Step: a', rejected: 'b' })}\n`);

  test('holds the rules themselves, and where their file is', async () => {
    const path = file('of-job.json', RULES);
    const { data, arguments: written } = await resolveJob('sft', {
      model_id_or_path: TINY,
      dataset: [rows],
      loss_scale: path,
    });
    expect(data.loss_scale).toEqual({ last_round: false, scales: [{ response: RULES }] });
    expect(written.loss_scale).toBe(path);
  });

  test('of pre-training learns every token where no strategy is named', async () => {
    const all = await resolveJob('pt', { model_id_or_path: TINY, dataset: [rows], loss_scale: 'react' });
    expect(all.data.loss_scale!.scales).toHaveLength(1);
  });

  test('that compares answers takes weights of 0 and 1, and no question', async () => {
    const rlhf = (loss_scale: string) =>
      resolveJob('rlhf', { model_id_or_path: TINY, dataset: [pairs], rlhf_type: 'dpo', loss_scale });
    await expect(rlhf('react')).rejects.toThrow(/dpo compares answers whole/);
    await expect(rlhf('all')).rejects.toThrow(/question in common/);
    const { data } = await rlhf('last_round+ignore_empty_think');
    expect(data.loss_scale!.last_round).toBe(true);
  });
});
