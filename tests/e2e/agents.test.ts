import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratch, swift, TINY } from './swift.js';

const cwd = scratch();
const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'The weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];
const CITIES = ['Paris', 'Rome', 'Oslo', 'Lima'];

beforeAll(() => {
  const jsonl = (name: string, rows: readonly object[]): void =>
    writeFileSync(join(cwd, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  jsonl(
    'calls.jsonl',
    CITIES.map((city) => ({
      tools: TOOLS,
      messages: [
        { role: 'user', content: `How is ${city}?` },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ type: 'function', function: { name: 'weather', arguments: { city } } }],
        },
        { role: 'tool', content: 'sunny' },
        { role: 'assistant', content: 'Sunny.' },
      ],
    })),
  );
  jsonl(
    'steps.jsonl',
    CITIES.map((city) => ({
      tools: [{ name: 'weather' }, { name: 'Finish' }],
      messages: [{ role: 'user', content: `How is ${city}?` }],
      target: `Thought: I look.\nAction: weather\nAction Input: {"city": "${city}"}`,
    })),
  );
});

describe('rows that call tools', () => {
  const inspect = (...words: string[]) =>
    swift(['inspect', '--model', TINY, '--dataset', 'calls.jsonl', ...words], { cwd });

  test('are said in the format that is asked for, and their calls weighed', () => {
    const { stdout, status } = inspect(
      '--template_type',
      'chatml',
      '--agent_template',
      'react_en',
      '--loss_scale',
      'react',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('Action: the action to take, should be one of [weather]');
    expect(stdout).toContain('⟦Action: weather\nAction Input: {"city": "Paris"}\nObservation:⟧×2');
    expect(stdout).not.toMatch(/⟦[^⟧]*sunny/);
  });

  test("are refused by a template without a format, with the way out; SWIFT 2.4's name of the argument is taken", () => {
    const none = inspect('--template_type', 'chatml');
    expect(none.stderr).toContain('template chatml cannot say tool calls');
    expect(none.stderr).toContain('--agent_template');
    expect(none.status).toBe(2);
    expect(inspect('--template_type', 'chatml', '--tools_prompt', 'toolbench').stdout).toContain('Begin!');
    const unknown = inspect('--agent_template', 'hermess');
    expect(unknown.stderr).toContain("Did you mean 'hermes'?");
    expect(unknown.status).toBe(2);
  });

  test('train with weights; a run keeps format and rules, and answers tell calls apart', () => {
    const words = ['--template_type', 'chatml', '--agent_template', 'hermes', '--loss_scale', 'hermes'];
    const limits = [
      '--max_steps',
      '2',
      '--batch_size',
      '2',
      '--dataset_test_ratio',
      '0',
      '--output_dir',
      'out',
    ];
    const run = swift(['sft', '--model', TINY, '--dataset', 'calls.jsonl', ...words, ...limits], { cwd });
    expect(run.stderr).not.toContain('error');
    expect(run.status).toBe(0);
    const [model] = readdirSync(join(cwd, 'out'));
    const [version] = readdirSync(join(cwd, 'out', model));
    const folder = join(cwd, 'out', model, version);
    const job = JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8')) as {
      readonly model: { readonly agent: string };
      readonly data: { readonly loss_scale: object };
    };
    expect(job.model.agent).toBe('hermes');
    expect(job.data.loss_scale).toEqual({
      last_round: false,
      scales: [{ response: { '<tool_call>.+?</tool_call>': [2] } }],
    });
    const checkpoint = join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('checkpoint'))!,
    );
    const asked = swift(
      [
        'infer',
        '--ckpt_dir',
        checkpoint,
        '--val_dataset',
        'calls.jsonl',
        '--max_new_tokens',
        '4',
        '--temperature',
        '0',
      ],
      { cwd },
    );
    expect(asked.stderr).not.toContain('error');
    expect(asked.status).toBe(0);
  });
});

test('steps of an agent are judged from a file', () => {
  const words = ['--max_new_tokens', '8', '--eval_output_dir', 'judged'];
  const { status, stderr } = swift(
    ['eval', '--model', TINY, '--eval_dataset', 'tool_bench:steps.jsonl', ...words],
    { cwd },
  );
  expect(stderr).not.toContain('error');
  expect(status).toBe(0);
  const find = (at: string): string =>
    existsSync(join(at, 'report.json')) ? at : find(join(at, readdirSync(at)[0]));
  const folder = find(join(cwd, 'judged'));
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
    readonly results: readonly { readonly dataset: string; readonly n: number; readonly metrics: object }[];
  };
  expect(report.results[0]).toMatchObject({ dataset: 'tool_bench_steps', n: 4 });
  expect(Object.keys(report.results[0].metrics).sort()).toEqual(['Act.EM', 'F1', 'HalluRate', 'Plan.EM']);
  const missing = swift(['eval', '--model', TINY, '--eval_dataset', 'tool_bench:nowhere.jsonl'], { cwd });
  expect(missing.stderr).toContain("there is no file 'nowhere.jsonl'");
});
