/** A teacher behind an address says what the same teacher says here. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { microBatches } from '../../../core/data/micro-batches.js';
import { ServedTeacher } from '../../../core/infer/served-teacher.js';
import { UNTOLD } from '../../../core/nn/index.js';
import { TrainEngine } from '../../../core/runtime/train-engine.js';
import { Model } from '../../../core/sdk/index.js';
import { ofLikeliest } from '../../../core/train/teaching.js';
import { TINY } from '../../e2e/swift.js';

const { loaded, services } = await Model.fromPretrained(TINY);
const engine = new TrainEngine(await services.backend(), loaded.model, { residuals: 'save' });
const { vocab_size } = loaded.model.shape;

const sampleOf = (...ids: number[]): Sample => ({
  input_ids: ids,
  labels: ids.map((id, i) => (i === 0 ? -100 : id)),
});
const batchOf = (samples: readonly Sample[]) =>
  [...microBatches(samples, { lengths: [16], padTokenId: 0, packs: true })][0];

/** [N, V] of natural logarithms. */
function logSoftmax(data: Float32Array): Float32Array {
  const out = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += vocab_size) {
    const row = data.subarray(start, start + vocab_size);
    const top = row.reduce((most, one) => Math.max(most, one), -Infinity);
    const all = top + Math.log(row.reduce((sum, one) => sum + Math.exp(one - top), 0));
    row.forEach((one, i) => (out[start + i] = one - all));
  }
  return out;
}

/** vLLM's completions, as far as a teacher asks them. */
let names: (id: number) => string = (id) => `token_id:${id}`;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      void (async () => {
        const { prompt, logprobs } = JSON.parse(text) as { prompt: number[]; logprobs: number };
        const taught = await engine.teach(batchOf([sampleOf(...prompt)]));
        const { data } = await taught.logits(Int32Array.from(prompt.keys()));
        taught.release();
        const logps = logSoftmax(data as Float32Array);
        const top = [...prompt.keys()].map((at) => {
          const row = [...logps.subarray(at * vocab_size, (at + 1) * vocab_size)].map((logp, id) => ({
            id,
            logp,
          }));
          const likeliest = row.sort((a, b) => b.logp - a.logp).slice(0, logprobs);
          return Object.fromEntries(likeliest.map(({ id, logp }) => [names(id), logp]));
        });
        // The last entry is of the token that the server wrote itself.
        const choice = { text: '', logprobs: { top_logprobs: [null, ...top] }, finish_reason: 'length' };
        response.end(JSON.stringify({ choices: [choice] }));
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  server.close();
  await engine.release();
});

const servedTeacher = (most: number, temperature = 1) =>
  new ServedTeacher(
    { url, token: 'EMPTY', flag: '--teacher_model_server' },
    { model: 'm', most, temperature, vocab_size },
  );

const samples = [sampleOf(5, 9, 300, 41), sampleOf(7, 7, 12)];
const rows = Int32Array.of(0, 2, 4, 5);

describe.each([
  ['all tokens', vocab_size, 1],
  ['all tokens at a temperature', vocab_size, 0.7],
  ['the five likeliest', 5, 0.9],
] as const)('%s', (_what, most, temperature) => {
  test('are predicted as by the teacher itself', async () => {
    const batch = batchOf(samples);
    const here = ofLikeliest(
      new TrainEngine(await services.backend(), loaded.model, { residuals: 'save', temperature }),
      most,
    );
    const own = await here.teach(batch);
    const told = await servedTeacher(most, temperature).teach(batch);
    const [expected, found] = [await own.logits(rows), await told.logits(rows)].map(({ data }) =>
      logSoftmax(data as Float32Array),
    );
    own.release();
    await here.release();
    expect(found.filter((logp) => logp > UNTOLD / 2)).toHaveLength(most * rows.length);
    found.forEach((logp, i) => {
      if (expected[i] > UNTOLD / 2) expect(logp).toBeCloseTo(expected[i], 4);
      else expect(logp).toBeLessThan(UNTOLD / 2);
    });
  });
});

test('a server that names tokens by their texts, and one with more tokens', async () => {
  names = (id) => `text ${id}`;
  await expect(servedTeacher(3).teach(batchOf(samples))).rejects.toMatchObject({
    code: 'UNSUPPORTED_ARGUMENT',
  });
  names = (id) => `token_id:${id + vocab_size}`;
  const { logits } = await servedTeacher(3).teach(batchOf(samples));
  expect(() => logits(rows)).toThrow(/and the model has 1024/);
  names = (id) => `token_id:${id}`;
});
