import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHubContent } from '../../local-hub/content.js';
import { startHub } from '../../local-hub/server.js';
import { pathAfter, runSwift, scratch, startSwift, swift } from './swift.js';

interface Line {
  readonly index: number;
  readonly prompt: string | readonly { readonly role: string; readonly content: string }[];
  readonly target: string;
  readonly output?: string;
  readonly choices?: readonly string[];
  readonly log_likelihoods?: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
}

interface Report {
  readonly model: string;
  readonly template?: string;
  readonly results: readonly {
    readonly dataset: string;
    readonly n: number;
    readonly total: number;
    readonly few_shot: number;
    readonly metrics: Readonly<Record<string, { readonly value: number; readonly stderr: number }>>;
  }[];
}

const root = scratch();
let hub: Awaited<ReturnType<typeof startHub>>;
let model: Awaited<ReturnType<typeof startModel>>;

beforeAll(async () => {
  await writeHubContent(root);
  hub = await startHub({ root });
  model = await startModel();
}, 60_000);
afterAll(async () => {
  await hub.close();
  model.server.closeAllConnections();
  model.server.close();
});

const linesOf = (folder: string, set: string): Line[] =>
  readFileSync(join(folder, `${set}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const reportOf = (folder: string): Report =>
  JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
const foldersIn = (cwd: string): string[] =>
  existsSync(cwd) ? readdirSync(cwd).filter((name) => name !== 'hf') : [];

/** A server whose model counts: it answers a sum of two numbers, and finds what is echoed likelier the shorter it is. */
async function startModel(): Promise<{ url: string; server: Server; asked: { path: string; body: Body }[] }> {
  const asked: { path: string; body: Body }[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push({ path: request.url!, body });
      if (body.model === 'slow' && asked.filter((one) => one.body.model === 'slow').length > 2) return;
      response.end(JSON.stringify(answerTo(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server, asked };
}

interface Body {
  readonly model: string;
  readonly prompt?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly echo?: boolean;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return JSON.parse(text) as Body;
}

function answerTo({ prompt, messages, echo, model }: Body): object {
  if (echo === true && model !== 'deaf') {
    const tokens = [...prompt!, '!'];
    const token_logprobs = tokens.map((_, i) => (i === 0 ? null : -1));
    const top_logprobs = tokens.map((token, i) => (i === 0 ? null : { [token]: -1 }));
    const choices = [{ text: tokens.join(''), logprobs: { tokens, token_logprobs, top_logprobs } }];
    return { choices, usage: { prompt_tokens: tokens.length - 1 } };
  }
  const question = messages?.at(-1)?.content ?? prompt!.slice(prompt!.lastIndexOf('Question:'));
  const [a, b] = (question.match(/\d+/g) ?? []).map(Number);
  const content = `She has ${a + b}.\n#### ${a + b}`;
  return { choices: [{ message: { role: 'assistant', content }, text: content, finish_reason: 'stop' }] };
}

test('gsm8k and arc of a model from the hub', async () => {
  const cwd = scratch();
  const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
  const literal = ['eval', '--model_type', 'llama3-8b-instruct', '--eval_dataset', 'gsm8k', 'arc'];
  const limits = ['--eval_limit', '4', '--max_new_tokens', '8'];
  const { code, out, err } = await runSwift([...literal, ...limits], env, cwd);
  expect(err).not.toContain('error');
  expect(code).toBe(0);
  const folder = join(cwd, pathAfter('prompts, answers and report', out));
  expect(folder).toMatch(/eval_outputs\/llama3-8b-instruct\/v0-\d{8}-\d{6}$/);
  expect(readdirSync(folder).sort()).toEqual([
    ...['arc_challenge.jsonl', 'arc_easy.jsonl', 'args.json', 'gsm8k.jsonl', 'report.json', 'report.md'],
  ]);
  const { model: name, template, results } = reportOf(folder);
  expect({ name, template }).toEqual({ name: 'llama3-8b-instruct', template: 'llama3' });
  expect(results.map(({ dataset, n, total, few_shot }) => [dataset, n, total, few_shot])).toEqual([
    ['gsm8k', 4, 4, 5],
    ['arc_easy', 4, 4, 0],
    ['arc_challenge', 4, 4, 0],
    ['arc', 8, 8, 0],
  ]);
  const written = linesOf(folder, 'gsm8k');
  expect(written.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  // Five examples as turns, then the question.
  expect(written[0].prompt).toHaveLength(11);
  expect(written[0].prompt.at(-1)).toMatchObject({
    role: 'user',
    content: expect.stringMatching(/^Question: Nia/) as string,
  });
  const easy = linesOf(folder, 'arc_easy');
  expect(easy[0].prompt).toBe('Question: What is the capital of France?\nAnswer:');
  expect(easy.every(({ log_likelihoods }) => log_likelihoods!.every((logp) => logp < 0))).toBe(true);
  const mean = easy.reduce((sum, { metrics }) => sum + metrics.acc, 0) / 4;
  expect(results[1].metrics.acc.value).toBe(mean);
  expect(out).toMatch(/^dataset +metric +value +stderr +few_shot +questions/);
  expect(out).toMatch(new RegExp(`^arc_easy +acc +${mean.toFixed(4)} `, 'm'));
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain(
    `| arc_easy | acc | ${mean.toFixed(4)} |`,
  );
  expect(err).toMatch(/gsm8k 4\/4 {2}exact_match,strict-match 0\.000/);
});

describe('a server', () => {
  const asking = (...words: string[]): string[] => ['eval', '--eval_url', model.url, ...words];

  test('conversations, and log-likelihoods of what it echoes', async () => {
    const cwd = scratch();
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
    const words = ['--model_type', 'counter', '--eval_dataset', 'gsm8k', 'ARC_easy', '--eval_few_shot', '2'];
    const { code, out, err } = await runSwift(
      asking(...words, '--eval_limit', '[2:6]', '--eval_token', 'k'),
      env,
      cwd,
    );
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    const folder = join(cwd, pathAfter('prompts, answers and report', out));
    const { results } = reportOf(folder);
    expect(results[0].metrics).toEqual({
      'exact_match,strict-match': { value: 1, stderr: 0 },
      'exact_match,flexible-extract': { value: 1, stderr: 0 },
    });
    expect(
      linesOf(folder, 'gsm8k')
        .map(({ index }) => index)
        .sort(),
    ).toEqual([2, 3, 4, 5]);
    const easy = linesOf(folder, 'arc_easy');
    expect(easy).toHaveLength(4);
    for (const { choices, log_likelihoods, target, metrics } of easy) {
      // A token is a character and weighs one: the shortest choice is the likeliest, with its blank.
      expect(log_likelihoods).toEqual(choices!.map(({ length }) => -1 - length));
      const likeliest = log_likelihoods!.indexOf(Math.max(...log_likelihoods!));
      expect(metrics.acc).toBe(Number(choices![likeliest] === target));
    }
    expect(readFileSync(join(folder, 'args.json'), 'utf8')).not.toContain('eval_token');
    const [first] = model.asked.filter(({ body }) => body.model === 'counter');
    expect(first.path).toBe('/v1/chat/completions');
    expect(first.body.messages).toHaveLength(5);
  });

  test('texts to go on with', async () => {
    const cwd = scratch();
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
    const words = ['--model_type', 'plain', '--eval_dataset', 'gsm8k', '--eval_is_chat_model', 'false'];
    const { code, out } = await runSwift(asking(...words, '--eval_limit', '3'), env, cwd);
    expect(code).toBe(0);
    expect(out).toMatch(/^gsm8k +exact_match,strict-match +1\.0000 /m);
    const mine = model.asked.filter(({ body }) => body.model === 'plain');
    expect(mine.map(({ path }) => path)).toEqual(Array(3).fill('/v1/completions'));
    expect(mine[0].body.prompt!.split('\n\n')).toHaveLength(6);
  });

  test('one without echo is refused by name', async () => {
    const cwd = scratch();
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
    const { code, err } = await runSwift(
      asking('--model_type', 'deaf', '--eval_dataset', 'arc_easy'),
      env,
      cwd,
    );
    expect(err).toContain('does not tell log-probabilities of a prompt');
    expect(code).toBe(2);
  });

  test('interrupted, what was answered is kept and reported', async () => {
    const cwd = scratch();
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
    const words = ['--model_type', 'slow', '--eval_dataset', 'gsm8k', '--eval_nproc', '1', '--name', 'cut'];
    const child = startSwift(asking(...words), { cwd, env });
    let out = '';
    child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
    const under = (): string[] => foldersIn(join(cwd, 'eval_outputs', 'cut'));
    const answered = (): number => {
      const path = join(cwd, 'eval_outputs', 'cut', under()[0] ?? '', 'gsm8k.jsonl');
      return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
    };
    while (answered() < 2 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    expect(code).toBe(130);
    const [set] = reportOf(join(cwd, pathAfter('prompts, answers and report', out))).results;
    expect([set.n, set.total]).toEqual([2, 20]);
    expect(out).toContain('2 of 20');
  });
});

describe('bad input ends with code 2 and writes nothing', () => {
  test.each<[string, readonly string[], string]>([
    ['no benchmark', [], 'no benchmark is given'],
    ['an unknown one', ['--eval_dataset', 'gsm9k'], "Did you mean 'gsm8k'?"],
    ['one that is not built', ['--eval_dataset', 'humaneval'], "evaluator 'humaneval' of SWIFT"],
    ['named twice', ['--eval_dataset', 'arc', 'arc_easy'], "'arc_easy' is named twice"],
    [
      'a limit',
      ['--eval_dataset', 'arc', '--eval_limit', 'ten'],
      "'ten' is neither a number above 0 nor a slice",
    ],
    ['an address', ['--eval_dataset', 'arc', '--eval_url', 'here'], "'here' is no address"],
    [
      'no model there',
      ['--eval_dataset', 'arc', '--eval_url', 'http://127.0.0.1:9/v1'],
      'the name of the model there',
    ],
    ['a name that is a path', ['--eval_dataset', 'arc', '--name', '../x'], "'../x' is no name of a folder"],
    [
      'a backend of SWIFT',
      ['--eval_dataset', 'arc', '--eval_backend', 'OpenCompass'],
      'is not built here yet',
    ],
  ])('%s', (_, words, fault) => {
    const cwd = scratch();
    const { status, stderr } = swift(['eval', ...words], { cwd, env: { HF_HUB_OFFLINE: '1' } });
    expect(stderr).toContain(fault);
    expect(status).toBe(2);
    expect(foldersIn(cwd)).toEqual([]);
  });

  test('too many examples, and rows beyond the last', async () => {
    const cwd = scratch();
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(cwd, 'hf') };
    const words = ['eval', '--model_type', 'llama3-8b-instruct', '--eval_dataset', 'arc_easy'];
    const many = await runSwift([...words, '--eval_few_shot', '7'], env, cwd);
    expect(many.err).toContain('7 examples are wanted, and there are 6');
    const beyond = await runSwift([...words, '--eval_limit', '[6:9]'], env, cwd);
    expect(beyond.err).toContain('arc_easy has 6 questions');
    expect([many.code, beyond.code]).toEqual([2, 2]);
    expect(foldersIn(cwd)).toEqual([]);
  });
});
