import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/index.js';
import { SwiftError } from '../../../core/errors.js';
import { Parameter } from '../../../core/nn/index.js';
import type { RolloutSetup } from '../../../core/rollout/messages.js';
import { RemoteAnswers } from '../../../core/rollout/remote-answers.js';
import { RolloutServer, type HostedModel } from '../../../core/rollout/server.js';

const opened: RolloutServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

const parameterOf = (...values: number[]): Parameter => {
  const parameter = new Parameter([values.length]);
  parameter.data = Float32Array.from(values);
  return parameter;
};

const SETUP: RolloutSetup = {
  version: '1',
  model: { template: 't', dtype: 'AUTO', patchers: [], compute_precision: 'fp32' },
  tuner: { id: 'lora', options: {} },
  seed: 1,
  wanted: {
    sampling: { do_sample: true, temperature: 1, top_p: 1, repetition_penalty: 1 },
    max_completion_length: 3,
    stop_words: [],
  },
  parameters: [
    ['a', [2]],
    ['b', [3]],
  ],
};

/** A server that answers with its weights and the first draw. */
async function serve(port = 0): Promise<RolloutServer> {
  const server = await RolloutServer.open({
    host: '127.0.0.1',
    port,
    model: 'm',
    log: { info: () => undefined, warn: () => undefined },
    check: ({ version }) => {
      if (version !== SETUP.version) throw new SwiftError('SERVER_REFUSED', 'another version');
    },
    begin: (setup): Promise<HostedModel> => {
      const values = setup.parameters.map(([, [size]]) => new Float32Array(size));
      return Promise.resolve({
        values,
        answer: (draws) =>
          Promise.resolve(
            draws.map(({ ids, random }) => ({
              text: `${values.flatMap((one) => [...one]).join(' ')}; ${random.uniform()}`,
              ids,
              is_whole: true,
            })),
          ),
        release: () => Promise.resolve(),
      });
    },
  });
  opened.push(server);
  return server;
}

const draw = () => ({ ids: [1, 2], random: SeededRandom.seeded(5) });
const first = SeededRandom.seeded(5).uniform();
const open = (url: string, parameters = [parameterOf(1, 2), parameterOf(3, 4, 5)]) =>
  RemoteAnswers.open(url, SETUP, parameters);

test('answers are of the weights as they are when they are asked for', async () => {
  const parameters = [parameterOf(1, 2), parameterOf(3, 4, 5)];
  const answers = await open((await serve()).url, parameters);
  expect(await answers.answer([draw()])).toEqual([
    { text: `1 2 3 4 5; ${first}`, ids: [1, 2], is_whole: true },
  ]);
  parameters[1].data![2] = 9;
  expect((await answers.answer([draw()]))[0].text).toBe(`1 2 3 4 9; ${first}`);
});

test('a server that was started anew is told of the run again', async () => {
  const server = await serve();
  const answers = await open(server.url);
  await answers.answer([draw()]);
  const port = Number(new URL(server.url).port);
  await server.close();
  opened.length = 0;
  await serve(port);
  expect((await answers.answer([draw()]))[0].text).toBe(`1 2 3 4 5; ${first}`);
});

test('a run whose server another one took over is told so', async () => {
  const { url } = await serve();
  const [former, latter] = [await open(url), await open(url)];
  await expect(former.answer([draw()])).rejects.toMatchObject({
    code: 'SERVER_REFUSED',
    message: expect.stringMatching(/another run has taken the rollout server over/) as unknown,
  });
  expect(await latter.answer([draw()])).toHaveLength(1);
});

describe('what is no request of a run', () => {
  const post = async (url: string, body?: string | Uint8Array) =>
    (await (await fetch(url, { method: 'POST', body: body as RequestInit['body'] })).json()) as {
      error?: { message: string };
      result?: { run: string };
    };

  test('too few or too many values, and answers before weights', async () => {
    const { url } = await serve();
    const { run } = (await post(`${url}/begin`, JSON.stringify(SETUP))).result!;
    for (const bytes of [0, 8, 16, 24]) {
      const { error } = await post(`${url}/weights?run=${run}`, new Uint8Array(bytes));
      expect(error!.message).toMatch(/not as many values as train/);
    }
    const asked = JSON.stringify({ run, draws: [] });
    expect((await post(`${url}/answers`, asked)).error!.message).toMatch(/no weights have come yet/);
    expect((await post(`${url}/weights?run=${run}`, new Uint8Array(20))).result).toBeNull();
    expect((await post(`${url}/answers`, asked)).result).toEqual([]);
  });

  test('a run that is refused leaves the other one alone', async () => {
    const { url } = await serve();
    const answers = await open(url);
    const { error } = await post(`${url}/begin`, JSON.stringify({ ...SETUP, version: '2' }));
    expect(error!.message).toBe('another version');
    expect(await answers.answer([draw()])).toHaveLength(1);
  });

  test('a request that never ends holds up nobody', async () => {
    const { url } = await serve();
    const answers = await open(url);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /answers HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    expect(await answers.answer([draw()])).toHaveLength(1);
    socket.destroy();
  });

  test('no JSON, no object, and no route', async () => {
    const { url } = await serve();
    expect((await post(`${url}/begin`, 'null')).error!.message).toMatch(/no JSON object/);
    expect((await fetch(`${url}//`)).status).toBe(404);
    expect((await post(`${url}/begin`, 'words')).error!.message).toMatch(/no JSON/);
    expect((await fetch(`${url}/weights`)).status).toBe(404);
  });
});

test('a port that is taken, and an address that is none', async () => {
  const { url } = await serve();
  await expect(serve(Number(new URL(url).port))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  await expect(open('ftp://here')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  await expect(open(`${url}/elsewhere`)).rejects.toMatchObject({
    message: expect.stringMatching(/is no rollout server: status 404/) as unknown,
  });
});
