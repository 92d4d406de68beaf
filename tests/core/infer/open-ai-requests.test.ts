/** What a request says for itself, as a server hears it; and answers that come in pieces. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Asked, Generated } from '../../../core/contracts/infer-backend.js';
import { eventData } from '../../../core/infer/event-stream.js';
import { OpenAiBackend } from '../../../core/infer/open-ai-backend.js';

type Body = Record<string, unknown>;

/** A server, and what it was asked. */
async function serve(
  reply: (body: Body, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly asked: Body[] }> {
  const asked: Body[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      asked.push(JSON.parse(text) as Body);
      reply(asked.at(-1)!, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

function backendAt(url: string): OpenAiBackend {
  return new OpenAiBackend({
    url,
    model: 'm',
    isChat: true,
    token: 'EMPTY',
    flag: '--eval_url',
    stop_words: ['<end>'],
    concurrency: 2,
    system: 'Be brief.',
    sampling: { temperature: 0.5 },
    patience: 1,
    timeout: 5000,
  });
}

/** Answers, and the pieces of each where `streams`. */
async function ask(
  url: string,
  requests: readonly Asked[],
  { streams = false, signal }: { readonly streams?: boolean; readonly signal?: AbortSignal } = {},
): Promise<{ readonly found: Generated[]; readonly pieces: string[][] }> {
  const found: Generated[] = [];
  const pieces: string[][] = requests.map(() => []);
  const settings = { max_new_tokens: 9, stop: [] };
  await backendAt(url).generate(requests, settings, {
    onDone: (i, one) => (found[i] = one),
    onText: streams ? (i, text) => pieces[i].push(text) : undefined,
    signal,
  });
  return { found, pieces };
}

const TURN = [{ role: 'user', content: 'Hi' }] as const;
const whole =
  (message: object, finish_reason = 'stop') =>
  (_: Body, response: ServerResponse) =>
    void response.end(JSON.stringify({ choices: [{ message, finish_reason }] }));

/** Sends choices as server-sent events. */
function stream(response: ServerResponse, choices: readonly object[], ends = true): void {
  response.setHeader('content-type', 'text/event-stream; charset=utf-8');
  for (const choice of choices) response.write(`data: ${JSON.stringify({ choices: [choice] })}\r\n\r\n`);
  if (ends) response.end(': a comment\n\ndata: {"choices":[],"usage":{}}\n\ndata: [DONE]\n\n');
}
const delta = (content: string) => ({ delta: { content }, finish_reason: null });

test('a request has its own system prompt, tools, sampler, stops and length', async () => {
  const { url, asked } = await serve(whole({ content: 'Yes' }));
  const tools = [{ type: 'function', function: { name: 'weather' } }];
  await ask(url, [
    {
      prompt: TURN,
      system: 'Be long.',
      tools,
      max_new_tokens: 3,
      stop: ['.'],
      sampling: { do_sample: false, top_k: 5 },
    },
    { prompt: TURN, system: '' },
    { prompt: [{ role: 'system', content: 'Own.' }, ...TURN] },
  ]);
  expect(asked[0]).toEqual({
    model: 'm',
    max_tokens: 3,
    temperature: 0,
    top_k: 5,
    stop: ['.', '<end>'],
    tools,
    messages: [{ role: 'system', content: 'Be long.' }, ...TURN],
  });
  expect(asked[1]).toMatchObject({ max_tokens: 9, temperature: 0.5, stop: ['<end>'], messages: TURN });
  expect(asked[2].messages).toEqual([{ role: 'system', content: 'Own.' }, ...TURN]);
});

test('images stand where their tags are, of whatever they come', async () => {
  const { url, asked } = await serve(whole({ content: 'Yes' }));
  const gif = Buffer.from('GIF89a');
  const png = Buffer.from('iVBORw0KGgo=', 'base64');
  const part = (kind: string, bytes: Buffer) => ({
    type: 'image_url',
    image_url: { url: `data:image/${kind};base64,${bytes.toString('base64')}` },
  });
  const text = (said: string) => ({ type: 'text', text: said });
  await ask(url, [
    {
      prompt: [
        { role: 'user', content: 'See <image>, and', images: [{ bytes: gif }] },
        { role: 'assistant', content: 'Yes?' },
        { role: 'user', content: 'is <image> larger?' },
      ],
      images: [`data:image/png;base64,${png.toString('base64')}`],
    },
  ]);
  await ask(url, [{ prompt: TURN, images: [{ bytes: Buffer.from('RIFFxxxxWEBP') }] }]);
  expect(asked[0].messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [text('See '), part('gif', gif), text(', and')] },
    { role: 'assistant', content: 'Yes?' },
    { role: 'user', content: [text('is '), part('png', png), text(' larger?')] },
  ]);
  const webp = part('webp', Buffer.from('RIFFxxxxWEBP'));
  expect(asked[1].messages).toMatchObject([{ role: 'system' }, { content: [webp, text('Hi')] }]);
});

test('calls of tools are told beside the text', async () => {
  const call = { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"x": 1}' } };
  const { url } = await serve(whole({ content: null, tool_calls: [call] }, 'tool_calls'));
  const { found } = await ask(url, [TURN]);
  expect(found).toEqual([{ text: '', tool_calls: [call], finish_reason: 'stop', cut: 0 }]);
});

test('pieces come as the server sends them; a stop word is held back, and ends the text', async () => {
  const { url, asked } = await serve((_, response) =>
    stream(response, [
      ...['One', ' <', 'b>', ' two <e', 'nd> three'].map(delta),
      { delta: {}, finish_reason: 'length' },
    ]),
  );
  const { found, pieces } = await ask(url, [TURN], { streams: true });
  expect(asked[0].stream).toBe(true);
  expect(pieces).toEqual([['One', ' ', '<b>', ' two ']]);
  expect(found[0]).toMatchObject({ text: 'One <b> two ', finish_reason: 'stop' });
});

test('calls of tools come in pieces', async () => {
  const piece = (index: number, said: object, id?: string) => ({
    delta: { tool_calls: [{ index, id, function: said }] },
  });
  const { url } = await serve((_, response) =>
    stream(response, [
      piece(0, { name: 'weather', arguments: '' }, 'a'),
      piece(0, { arguments: '{"x"' }),
      piece(1, { name: 'time', arguments: '{}' }, 'b'),
      piece(0, { arguments: ': 1}' }),
    ]),
  );
  const { found } = await ask(url, [TURN], { streams: true });
  expect(found[0].tool_calls).toEqual([
    { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"x": 1}' } },
    { id: 'b', type: 'function', function: { name: 'time', arguments: '{}' } },
  ]);
});

test('a server that does not stream is heard all the same', async () => {
  const { url } = await serve(whole({ content: 'Yes' }, 'length'));
  const { found, pieces } = await ask(url, [TURN], { streams: true });
  expect(pieces).toEqual([['Yes']]);
  expect(found[0]).toMatchObject({ text: 'Yes', finish_reason: 'length' });
});

test('one of several is aborted: what it said is kept, the other goes on', async () => {
  const { url } = await serve(({ messages }, response) => {
    const isFirst = (messages as { content: string }[]).at(-1)!.content === 'first';
    stream(response, [delta('So far')], !isFirst);
  });
  const abort = new AbortController();
  const pieces: string[] = [];
  const found: Generated[] = [];
  const said = (content: string) => [{ role: 'user', content }] as const;
  const requests = [{ prompt: said('first'), signal: abort.signal }, { prompt: said('second') }];
  await backendAt(url).generate(
    requests,
    { max_new_tokens: 9, stop: [] },
    {
      onDone: (i, one) => (found[i] = one),
      onText: (i, text) => {
        pieces.push(text);
        if (i === 0) abort.abort();
      },
    },
  );
  expect(found).toMatchObject([
    { text: 'So far', finish_reason: 'abort' },
    { text: 'So far', finish_reason: 'stop' },
  ]);
});

test('a stream that breaks off is not asked for again', async () => {
  const { url, asked } = await serve((_, response) => {
    stream(response, [delta('So')], false);
    setTimeout(() => response.destroy(), 20);
  });
  await expect(ask(url, [TURN], { streams: true })).rejects.toMatchObject({
    code: 'SERVER_UNREACHABLE',
    message: expect.stringContaining('breaks off') as string,
  });
  expect(asked).toHaveLength(1);
});

test('a fault that a stream tells of is said', async () => {
  const { url } = await serve((_, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.end('data: {"error": {"message": "out of memory"}}\n\n');
  });
  await expect(ask(url, [TURN], { streams: true })).rejects.toThrow('out of memory');
});

test.each<[string, Asked, string]>([
  ['adapters', { prompt: TURN, adapters: new Map([['a', 1]]) }, 'a server is not asked with adapters'],
  ['an image that is not there', { prompt: TURN, images: ['a.png'] }, "there is no image 'a.png'"],
  [
    'an image of another kind',
    { prompt: TURN, images: [{ bytes: Uint8Array.of(1, 2, 3), path: 'a.bmp' }] },
    "the image 'a.bmp' is neither PNG, JPEG, GIF nor WebP",
  ],
  [
    'a tag without an image',
    { prompt: [{ role: 'user', content: '<image> <image>' }], images: [{ bytes: Buffer.from('GIF89a') }] },
    "has a tag <image> without one of 'images'",
  ],
  ['tools of a text', { prompt: 'Go on', tools: [] }, 'a text to go on with has no tools'],
])('%s are refused by name, before anything is asked', async (_, request, fault) => {
  const { url, asked } = await serve(whole({ content: 'Yes' }));
  await expect(ask(url, [request])).rejects.toThrow(fault);
  expect(asked).toEqual([]);
});

test('events are cut at blank lines, wherever chunks are', async () => {
  const bytes = new TextEncoder().encode('event: x\r\ndata: ä\r\ndata:b\r\n\r\nid: 3\n\ndata: c');
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
    };
    const found: string[] = [];
    for await (const data of eventData(chunks())) found.push(data);
    expect(found).toEqual(['ä\nb', 'c']);
  }
});
