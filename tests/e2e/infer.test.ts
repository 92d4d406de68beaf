import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Chat, Model } from 'swift-ts';
import { scratch, startSwift, swift, TINY } from './swift.js';

/** Penalized, so that an answer depends on all that was said before it. */
const OPTIONS = { max_new_tokens: 12, temperature: 0, repetition_penalty: 5, seed: 1 };
const FLAGS = ['--max_new_tokens', '12', '--temperature', '0', '--repetition_penalty', '5'];
const INFER = ['infer', '--model', TINY, ...FLAGS];

const user = (content: string) => ({ role: 'user', content }) as const;
const assistant = (content: string) => ({ role: 'assistant', content }) as const;

let chat: Chat;
beforeAll(async () => {
  chat = await Chat.open(await Model.fromPretrained(TINY), OPTIONS);
  return () => chat.release();
});

async function told(...messages: Parameters<Chat['answer']>[0]): Promise<string> {
  return (await chat.answer(messages)).text;
}

function converse(
  lines: readonly string[],
  ...extra: readonly string[]
): { readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = swift([...INFER, ...extra], {
    input: lines.map((l) => `${l}\n`).join(''),
  });
  expect(stderr).not.toContain('error [');
  expect(status).toBe(0);
  return { out: stdout, err: stderr };
}

describe('conversation', () => {
  test('remembers turns until clear; every command of SWIFT', async () => {
    const lines = [
      ...['Hello', 'Hello', 'clear', 'Hello', 'reset-system', 'You are a bird.', 'Hello'],
      ...[
        'multi-line',
        'What is',
        'your name?#',
        'single-line',
        'reset-system',
        '',
        'Hello',
        'exit',
        'Hello',
      ],
    ];
    const { out, err } = converse(lines);
    const bird = { role: 'system', content: 'You are a bird.' } as const;
    const first = await told(user('Hello'));
    const second = await told(user('Hello'), assistant(first), user('Hello'));
    const third = await told(bird, user('Hello'));
    const fourth = await told(bird, user('Hello'), assistant(third), user('What is\nyour name?'));
    expect(second).not.toBe(first);
    expect(out).toBe([first, second, first, third, fourth, first].map((text) => `${text}\n`).join(''));
    expect(err).toMatch(/^<<< /m);
    expect(err).toContain('<<<[S] ');
    expect(err).toContain('<<<[M] ');
    expect(err.match(/-{50}/g)).toHaveLength(6);
  });

  test('the end of input ends it, also in the middle of several lines', async () => {
    const { out, err } = converse(['multi-line', 'reset-system', 'You are a bird.#', 'Hello']);
    expect(out).toBe(`${await told({ role: 'system', content: 'You are a bird.' }, user('Hello'))}\n`);
    expect(err).toContain('<<<[MS] ');
    expect(converse([]).out).toBe('');
  });

  test('tools are asked along with a conversation', () => {
    const asked = { messages: [user('Hello')], tools: [{ type: 'function', function: { name: 'f' } }] };
    expect(() => chat.prompt(asked)).toThrow(/cannot say tool definitions/);
    expect(chat.prompt({ messages: asked.messages })).toEqual(chat.prompt(asked.messages));
  });

  test('a base model forgets each turn', () => {
    const { out } = converse(
      ['Hello', 'Hello'],
      '--template_type',
      'default-generation',
      '--stream',
      'false',
    );
    expect(out).not.toBe('');
    const half = out.slice(0, out.length / 2);
    expect(out).toBe(half + half);
  });

  test('a prompt that is too long is said, and the conversation goes on', async () => {
    const { status, stdout, stderr } = swift(INFER, { input: `${'Hello '.repeat(600)}\nHello\n` });
    expect(stderr).toMatch(/the prompt has \d+ tokens, the limit is 512/);
    expect(stdout).toBe(`${await told(user('Hello'))}\n`);
    expect(status).toBe(0);
  });

  test('an answer can be stopped; what was said so far is kept', async () => {
    const stop = new AbortController();
    const answer = await chat.answer([user('Tell me a story')], () => stop.abort(), stop.signal);
    expect(answer.finish_reason).toBe('abort');
    expect((await told(user('Tell me a story'))).startsWith(answer.text)).toBe(true);
    expect(answer.ids.length).toBeLessThan(12);
  });

  test('streaming and not streaming print the same', () => {
    const lines = ['Tell me a story', 'And then?'];
    expect(converse(lines, '--stream', 'false').out).toBe(converse(lines).out);
  });
});

describe('one question', () => {
  const ask = (query: string, ...extra: readonly string[]): string => {
    const { status, stdout, stderr } = swift([...INFER, '--query', query, ...extra]);
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);
    return stdout.slice(0, -1);
  };

  test('is answered on stdout; stop words and max_new_tokens cut the same answer', async () => {
    const full = await told(user('Tell me a story'));
    expect(ask('Tell me a story')).toBe(full);
    const word = full.slice(5, 8);
    const cut = ['--stop_words', word, 'never said'];
    expect(ask('Tell me a story', ...cut)).toBe(full.slice(0, full.indexOf(word)));
    expect(ask('Tell me a story', ...cut, '--stream', 'false')).toBe(full.slice(0, full.indexOf(word)));
    expect(ask('Tell me a story', '--stop_words', '')).toBe(full);
    const { stdout } = swift([
      'infer',
      '--model',
      TINY,
      ...FLAGS.slice(2),
      '--max_new_tokens',
      '2',
      '--query',
      'Tell me a story',
    ]);
    expect(full.startsWith(stdout.trim())).toBe(true);
    expect(stdout.trim().length).toBeLessThan(full.length);
  });

  test('the seed decides a drawn answer; the repetition penalty changes an answer', () => {
    const drawn = ['infer', '--model', TINY, '--query', 'Tell me a story', '--max_new_tokens', '24'];
    const with_ = (...extra: string[]): string => swift([...drawn, ...extra]).stdout;
    const hot = ['--temperature', '3', '--top_k', '1000', '--top_p', '1'];
    const first = with_(...hot, '--seed', '1');
    expect(with_(...hot, '--seed', '1')).toBe(first);
    expect(with_(...hot, '--seed', '2')).not.toBe(first);
    const cold = ['--temperature', '0'];
    expect(with_(...cold, '--repetition_penalty', '5')).not.toBe(with_(...cold));
  });

  test('errors: a prompt beyond max_length, a checkpoint that is not there', () => {
    const long = swift([...INFER, '--query', 'Tell me a story', '--max_length', '5']);
    expect(long.stderr).toMatch(/the prompt has \d+ tokens, the limit is 5/);
    expect(long.status).toBe(2);
    const gone = swift(['infer', '--ckpt_dir', 'nowhere/checkpoint-1', '--query', 'x']);
    expect(gone.stderr).toContain("--ckpt_dir: there is no folder 'nowhere/checkpoint-1'");
    expect(gone.status).toBe(2);
  });
});

describe('datasets', () => {
  interface Row {
    readonly system?: string;
    readonly query: string;
    readonly response: string;
    readonly label?: string;
    readonly history: readonly (readonly [string, string])[];
  }

  const folder = scratch();
  const chats = join(folder, 'chats.jsonl');
  const questions = join(folder, 'questions.csv');

  beforeAll(() => {
    const messages = [
      { role: 'system', content: 'You are a bird.' },
      user('a'),
      assistant('b'),
      user('c'),
      assistant('d'),
    ];
    const rows = [
      { messages },
      { query: 'Hello', response: 'Hi' },
      { query: 'Tell me a long story', response: 'No' },
    ];
    writeFileSync(chats, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeFileSync(questions, 'query\nWho are you?\nHello\n');
  });

  function answers(name: string, ...extra: readonly string[]): Row[] {
    const result = join(folder, name);
    const run = swift([...INFER, '--result_dir', result, ...extra], { cwd: folder });
    expect(run.status).toBe(0);
    const path = /^\d+ answers: (\S+)$/m.exec(run.stdout)![1];
    expect(readdirSync(result)).toHaveLength(1);
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  }

  test('rows as SWIFT 2.4 writes them; every batch size gives the same; questions need no answers', async () => {
    const given = ['--val_dataset', chats, questions];
    const four = answers('four', ...given, '--max_batch_size', '4');
    expect(answers('one', ...given, '--max_batch_size', '1')).toEqual(four);
    expect(four.map(({ query }) => query)).toEqual([
      'c',
      'Hello',
      'Tell me a long story',
      'Who are you?',
      'Hello',
    ]);
    expect(four.map(({ label }) => label)).toEqual(['d', 'Hi', 'No', undefined, undefined]);
    expect(four[0]).toMatchObject({ system: 'You are a bird.', history: [['a', 'b']] });
    expect(four[1]).toEqual({
      query: 'Hello',
      response: await told(user('Hello')),
      label: 'Hi',
      history: [],
    });
  });

  test('only so many rows of several files; a row that is too long stops it before any answer', () => {
    const sample = answers('sample', '--val_dataset', chats, questions, '--show_dataset_sample', '4');
    expect(sample.map(({ query }) => query)).toEqual(['c', 'Hello', 'Tell me a long story', 'Who are you?']);
    const run = swift([...INFER, '--val_dataset', chats, '--max_length', '15', '--result_dir', 'long'], {
      cwd: folder,
    });
    expect(run.stderr).toMatch(/chats\.jsonl:1: the prompt has \d+ tokens, the limit is 15/);
    expect(run.status).toBe(2);
    expect(existsSync(join(folder, 'long'))).toBe(false);
  });

  test('Ctrl-C ends it with the answers that are finished', async () => {
    const asked = join(folder, 'many.jsonl');
    const rows = Array.from({ length: 400 }, (_, i) => ({ query: `Tell me story ${i}`, response: 'No' }));
    writeFileSync(asked, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const child = startSwift([...INFER, '--val_dataset', asked, '--result_dir', 'cut'], { cwd: folder });
    let [out, err] = ['', ''];
    child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr!.on('data', (text: Buffer) => {
      const before = err;
      err += text.toString();
      if (err.includes('[3/400]') && !before.includes('[3/400]')) child.kill('SIGINT');
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect(err).toContain('interrupted: writing the answers that are finished');
    expect(code).toBe(130);
    const [, count, path] = /^(\d+) answers: (\S+)$/m.exec(out)!;
    const lines = readFileSync(join(folder, path), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(Number(count));
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(lines.length).toBeLessThan(400);
  });
});
