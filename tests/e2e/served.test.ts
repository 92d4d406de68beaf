/** What is answered, rewarded and judged behind an address: `swift rollout`, and servers that speak OpenAI's API. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeLetters } from './letters.js';
import { QUICKSTART, runSwift, scratch, startSwift, TINY } from './swift.js';

const cwd = scratch();

writeLetters(cwd);

const words = (flags: Readonly<Record<string, string>>): string[] =>
  Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);

const GRPO = {
  ...{ rlhf_type: 'grpo', model: TINY, dataset: QUICKSTART, dataset_test_ratio: '0', max_steps: '3' },
  ...{ batch_size: '4', num_generations: '4', gradient_accumulation_steps: '1', learning_rate: '1e-3' },
  ...{ temperature: '1.2', max_completion_length: '12', add_output_dir_suffix: 'false', logging_steps: '1' },
};

const grpo = (
  output_dir: string,
  flags: Readonly<Record<string, string>>,
  env: Record<string, string> = {},
) => runSwift(['rlhf', ...words({ ...GRPO, output_dir, ...flags })], env, cwd);

const weights = (folder: string): Buffer =>
  readFileSync(join(cwd, folder, 'checkpoint-3/adapter_model.safetensors'));

const linesOf = <T>(...path: string[]): T[] =>
  readFileSync(join(cwd, ...path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

describe('swift rollout', () => {
  const servers: ChildProcess[] = [];
  afterAll(() => servers.forEach((server) => server.kill('SIGKILL')));

  const LETTERS = { plugins: './letters.ts', reward_funcs: 'letters' };

  async function serve(...more: string[]): Promise<{ readonly url: string; readonly server: ChildProcess }> {
    const server = startSwift(['rollout', '--model', TINY, '--port', '0', ...more], { cwd });
    servers.push(server);
    let [out, err] = ['', ''];
    server.stderr!.on('data', (text: Buffer) => (err += text.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      server.stdout!.on('data', (text: Buffer) => {
        out += text.toString();
        const [found] = /http:\S+/.exec(out) ?? [];
        if (found) resolve(found);
      });
      server.once('exit', () => reject(new Error(err)));
    });
    return { url, server };
  }

  test('a run that it answers for is the run that answers for itself, bit for bit', async () => {
    const { url, server } = await serve();
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', model: TINY });
    const own = await grpo('own', LETTERS);
    expect(own.code).toBe(0);
    const served = await grpo('served', { ...LETTERS, rollout_url: url });
    expect(served.err).not.toMatch(/error/);
    expect(served.code).toBe(0);
    expect(weights('served').equals(weights('own'))).toBe(true);
    expect(linesOf('served', 'completions.jsonl')).toEqual(linesOf('own', 'completions.jsonl'));

    // The next run trains all weights, over the base as it was.
    const full = { ...LETTERS, sft_type: 'full', max_steps: '2', learning_rate: '1e-4' };
    expect((await grpo('full-own', full)).code).toBe(0);
    expect((await grpo('full-served', { ...full, rollout_url: url })).code).toBe(0);
    expect(linesOf('full-served', 'completions.jsonl')).toEqual(linesOf('full-own', 'completions.jsonl'));

    const other = await grpo('other', { ...LETTERS, rollout_url: url, dtype: 'bf16' });
    expect(other.err).toMatch(/the server's model is not the run's: dtype is "AUTO" here, "bf16" in the run/);
    expect(other.code).toBe(2);
    expect(existsSync(join(cwd, 'other'))).toBe(false);

    server.kill('SIGINT');
    expect(await new Promise((resolve) => server.once('exit', resolve))).toBe(130);
  });

  test('a server that is not there, is none, or is asked by a trainer without answers', async () => {
    const gone = await grpo('gone', { ...LETTERS, rollout_url: 'http://127.0.0.1:9' });
    expect(gone.err).toMatch(/error \[SERVER_UNREACHABLE\]: http:\/\/127\.0\.0\.1:9 does not answer/);
    expect(gone.code).toBe(1);
    const named = await grpo('gone', { ...LETTERS, rollout_url: 'here' });
    expect(named.err).toMatch(/'here' is no address/);
    expect(named.code).toBe(2);
    const dpo = await runSwift(
      [
        'rlhf',
        ...words({ rlhf_type: 'dpo', model: TINY, dataset: QUICKSTART, rollout_url: 'http://127.0.0.1:9' }),
      ],
      {},
      cwd,
    );
    expect(dpo.err).toMatch(/--rollout_url: dpo asks for no answers/);
    expect(dpo.code).toBe(2);
    expect(existsSync(join(cwd, 'gone'))).toBe(false);
  });
});

interface Request {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly seed?: number;
}

describe("a server that speaks OpenAI's API", () => {
  let server: Server;
  let url: string;
  const asked: (Request & { readonly key?: string })[] = [];
  let names = ['judge'];

  /** Judges by the number of its words; writes its seed where it is asked to answer. */
  const said = ({ messages, seed }: Request): object => {
    const last = messages.at(-1)!;
    if (last.role === 'assistant') return { content: last.content.split(' ').length };
    if (last.content.startsWith('Rate'))
      return { content: `It has 3 parts.\nScore: ${last.content.length / 1000}` };
    return { content: `Answer ${seed! % 7}.`, reasoning_content: 'Let me see.' };
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/v1/models') {
        response.end(JSON.stringify({ data: names.map((id) => ({ id })) }));
        return;
      }
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => {
        const body = JSON.parse(text) as Request;
        asked.push({ ...body, key: request.headers.authorization });
        const usage = { completion_tokens: 4 };
        response.end(JSON.stringify({ choices: [{ message: said(body), finish_reason: 'stop' }], usage }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterAll(() => void server.close());

  test('is a reward model: shown conversations, or asked of them', async () => {
    asked.length = 0;
    const shown = await grpo('shown', { reward_model: url, max_steps: '1' }, { OPENAI_API_KEY: 'secret' });
    expect(shown.code).toBe(0);
    const table = linesOf<{ completion: string; reward: number }>('shown', 'completions.jsonl');
    for (const { completion, reward } of table) expect(reward).toBe(completion.split(' ').length);
    expect(asked[0]).toMatchObject({ model: 'judge', key: 'Bearer secret' });
    expect(readFileSync(join(cwd, 'shown/args.json'), 'utf8')).not.toContain('secret');

    asked.length = 0;
    const reward_prompt = 'Rate this answer to {query} (right: {expected}): {response}';
    const judged = await grpo('judged', { reward_model: `${url}#other`, reward_prompt, max_steps: '1' });
    expect(judged.code).toBe(0);
    const [first] = linesOf<{ completion: string; reward: number }>('judged', 'completions.jsonl');
    expect(asked[0].model).toBe('other');
    const rates = asked.map(({ messages }) => messages[0].content);
    expect(rates.some((rate) => rate.endsWith(`): ${first.completion}`))).toBe(true);
    expect(rates.some((rate) => rate.length / 1000 === first.reward)).toBe(true);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp, number]>([
    ['a prompt without the answer', { reward_prompt: 'Rate {query}' }, /it shows no \{response\}/, 2],
    [
      'a prompt with another place',
      { reward_prompt: 'Rate {response} {answer}' },
      /there is no \{answer\}/,
      2,
    ],
    ['nobody there', { reward_model: 'http://127.0.0.1:9/v1' }, /does not answer/, 1],
  ])('%s is refused before a run has a folder', async (_what, flags, message, code) => {
    const run = await grpo('refused', { reward_model: url, ...flags });
    expect(run.err).toMatch(message);
    expect(run.code).toBe(code);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });

  test('answers rows that become data, with what it thought', async () => {
    asked.length = 0;
    const flags = { dataset: `${QUICKSTART}#3`, num_return_sequences: '4', output_dir: 'distilled' };
    const run = await runSwift(['sample', ...words({ ...flags, sampler_url: url })], {}, cwd);
    expect(run.err).not.toMatch(/error/);
    expect(run.code).toBe(0);
    const rows = linesOf<{ messages: readonly object[] }>('distilled', 'samples.jsonl');
    expect(rows).toHaveLength(12);
    expect(rows[0].messages.at(-1)).toMatchObject({ role: 'assistant', reasoning_content: 'Let me see.' });
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(12);

    const again = await runSwift(
      ['sample', ...words({ ...flags, output_dir: 'again', sampler_url: url, seed: '42' })],
      {},
      cwd,
    );
    expect(again.code).toBe(0);
    expect(linesOf('again', 'samples.jsonl')).toEqual(linesOf('distilled', 'samples.jsonl'));
  });

  test('with several models is asked which', async () => {
    names = ['one', 'two'];
    const flags = { dataset: QUICKSTART, output_dir: 'which', sampler_url: url };
    const run = await runSwift(['sample', ...words(flags)], {}, cwd);
    expect(run.err).toMatch(/the server has 2 models: one, two/);
    expect(run.code).toBe(2);
  });
});
