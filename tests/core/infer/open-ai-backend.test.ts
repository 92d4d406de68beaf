import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Generated, Likelihood } from '../../../core/contracts/infer-backend.js';
import { OpenAiBackend, type OpenAiBackendOptions } from '../../../core/infer/open-ai-backend.js';

interface Asked {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: Record<string, unknown>;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Reply = (
  asked: Asked,
  count: number,
) => { readonly status?: number; readonly body: unknown } | undefined;

/** A server and what it was asked. Without a reply it never answers. */
async function serve(reply: Reply): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      const one = {
        path: request.url!,
        key: request.headers.authorization,
        body: JSON.parse(text) as Asked['body'],
      };
      asked.push(one);
      const answer = reply(one, asked.length);
      if (!answer) return;
      response.statusCode = answer.status ?? 200;
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

const OPTIONS: Omit<OpenAiBackendOptions, 'url'> = {
  model: 'm',
  isChat: true,
  token: 'secret',
  flag: '--eval_url',
  stop_words: [],
  concurrency: 3,
  sampling: { temperature: 0 },
  patience: 1,
  timeout: 5000,
};

async function answersOf(
  options: Pick<OpenAiBackendOptions, 'url'> & Partial<OpenAiBackendOptions>,
  prompts: Parameters<OpenAiBackend['generate']>[0],
  stop: readonly string[] = [],
): Promise<Generated[]> {
  const found: Generated[] = [];
  const backend = new OpenAiBackend({ ...OPTIONS, ...options });
  await backend.generate(prompts, { max_new_tokens: 5, stop }, { onDone: (i, one) => (found[i] = one) });
  return found;
}

const said = (content: string, finish_reason = 'stop'): { body: unknown } => ({
  body: { choices: [{ message: { role: 'assistant', content }, finish_reason }] },
});

const TURN = [{ role: 'user', content: 'Hi' }] as const;

describe('written answers', () => {
  test('a conversation, with the system prompt, the key and the limits', async () => {
    const { url, asked } = await serve(() => said('Hello', 'length'));
    const [answer] = await answersOf({ url: `${url}/chat/completions`, system: 'Be brief.' }, [TURN]);
    expect(answer).toEqual({ text: 'Hello', finish_reason: 'length', cut: 0 });
    expect(asked).toEqual([
      {
        path: '/v1/chat/completions',
        key: 'Bearer secret',
        body: {
          model: 'm',
          max_tokens: 5,
          temperature: 0,
          messages: [{ role: 'system', content: 'Be brief.' }, ...TURN],
        },
      },
    ]);
  });

  test('texts go to completions; stops beyond four are cut off here', async () => {
    const { url, asked } = await serve(() => ({
      body: { choices: [{ text: 'one E two', finish_reason: 'length' }] },
    }));
    const stop = ['A', 'B', 'C', 'D', 'E'];
    const [answer] = await answersOf({ url, isChat: false }, ['Go on:'], stop);
    expect(answer).toEqual({ text: 'one ', finish_reason: 'stop', cut: 0 });
    expect(asked[0]).toMatchObject({
      path: '/v1/completions',
      body: { prompt: 'Go on:', stop: stop.slice(0, 4) },
    });
  });

  test('many at once, each with its own answer', async () => {
    const { url } = await serve(({ body }) =>
      said(`to ${(body.messages as { content: string }[])[0].content}`),
    );
    const prompts = Array.from({ length: 20 }, (_, i) => [{ role: 'user', content: String(i) }] as const);
    expect((await answersOf({ url }, prompts)).map(({ text }) => text)).toEqual(
      prompts.map((_, i) => `to ${i}`),
    );
  });

  test('a busy server is asked again, one that stays busy is given up', async () => {
    const busy = { status: 503, body: 'later' };
    const recovers = await serve((_, count) => (count < 3 ? busy : said('now')));
    expect((await answersOf({ url: recovers.url }, [TURN]))[0].text).toBe('now');
    const stays = await serve(() => busy);
    await expect(answersOf({ url: stays.url }, [TURN])).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      exitCode: 1,
      message: expect.stringContaining('status 503: "later"') as string,
    });
    expect(stays.asked).toHaveLength(5);
  });

  test('a server that never answers, and one that is not there', async () => {
    const { url } = await serve(() => undefined);
    await expect(answersOf({ url, timeout: 20 }, [TURN])).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    });
    await expect(answersOf({ url: 'http://127.0.0.1:9/v1' }, [TURN])).rejects.toThrow('does not answer');
  });

  test.each<[string, Reply, string]>([
    ['a refusal', () => ({ status: 401, body: 'no such key' }), 'refuses with status 401: "no such key"'],
    ['no JSON', () => ({ body: '<html>' }), 'is no JSON object: "<html>"'],
    ['no choices', () => ({ body: { error: 'x' } }), "has no 'choices'"],
    ['no text', () => ({ body: { choices: [{ message: { content: {} } }] } }), 'holds no text'],
  ])('%s is said', async (_, reply, fault) => {
    const { url, asked } = await serve(reply);
    await expect(answersOf({ url }, [TURN])).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      message: expect.stringContaining(fault) as string,
    });
    expect(asked).toHaveLength(1);
  });

  test('an interruption leaves what is there', async () => {
    const { url } = await serve((_, count) => (count <= 2 ? said('yes') : undefined));
    const abort = new AbortController();
    const backend = new OpenAiBackend({ ...OPTIONS, url, concurrency: 1 });
    const found: number[] = [];
    await backend.generate(
      [TURN, TURN, TURN, TURN],
      { max_new_tokens: 5, stop: [] },
      {
        signal: abort.signal,
        onDone: (i) => {
          found.push(i);
          if (i === 1) abort.abort();
        },
      },
    );
    expect(found).toEqual([0, 1]);
  });

  test('no address', () => {
    for (const url of ['localhost:8000', 'nothing', 'ftp://x/v1'])
      expect(() => new OpenAiBackend({ ...OPTIONS, url })).toThrow(`--eval_url: '${url}' is no address`);
  });
});

describe('log-likelihoods', () => {
  /** Every character is a token; the log-probability of the i-th is -i, and even ones are the likeliest. */
  const echo: Reply = ({ body }) => {
    const tokens = [...(body.prompt as string), '!'];
    const token_logprobs = tokens.map((_, i) => (i === 0 ? null : -i));
    const top_logprobs = tokens.map((token, i) =>
      i === 0 ? null : i % 2 === 0 ? { [token]: -i } : { other: 0 },
    );
    const choices = [{ text: tokens.join(''), logprobs: { tokens, token_logprobs, top_logprobs } }];
    return { body: { choices, usage: { prompt_tokens: tokens.length - 1, completion_tokens: 1 } } };
  };

  async function measured(reply: Reply): Promise<{ found: Likelihood[]; asked: Asked[] }> {
    const { url, asked } = await serve(reply);
    const found: Likelihood[] = [];
    const backend = new OpenAiBackend({ ...OPTIONS, url, isChat: false });
    await backend.logLikelihoods(
      [
        { context: 'abcd ', continuation: 'ef' },
        { context: 'abcd ', continuation: '' },
      ],
      { onDone: (i, one) => (found[i] = one) },
    );
    return { found, asked };
  }

  test('of what is echoed, without the context and without what is generated', async () => {
    const { found, asked } = await measured(echo);
    expect(found).toEqual([
      { logp: -4 - 5 - 6, is_greedy: false, cut: 0 },
      { logp: -4, is_greedy: true, cut: 0 },
    ]);
    expect(asked.map(({ body }) => body.prompt).sort()).toEqual(['abcd', 'abcd ', 'abcd ef']);
    expect(asked[0].body).toMatchObject({ echo: true, logprobs: 1, max_tokens: 1 });
  });

  test('a server that echoes nothing is refused by name', async () => {
    const plain: Reply = () => ({ body: { choices: [{ text: 'x' }], usage: { prompt_tokens: 3 } } });
    await expect(measured(plain)).rejects.toMatchObject({
      code: 'UNSUPPORTED_ARGUMENT',
      message: expect.stringContaining('does not tell log-probabilities of a prompt') as string,
    });
  });
});
