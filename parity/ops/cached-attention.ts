import { describe, expect, test } from 'vitest';
import type { Backend, Executable, HostTensor } from '../../core/contracts/backend.js';
import * as graph from '../../core/graph/index.js';
import { Draw } from './draw.js';
import { expectClose } from './check.js';

const [HEADS, KV_HEADS, WIDTH, CAPACITY, SCALE] = [4, 2, 8, 12, 0.35];
const TOLERANCE = 5e-5;

interface Tokens {
  /** Per row, [length, heads·width] and twice [length, kvHeads·width]. */
  readonly rows: readonly { q: HostTensor; k: HostTensor; v: HostTensor }[];
  readonly lengths: readonly number[];
}

interface Caches {
  readonly keys: HostTensor;
  readonly values: HostTensor;
}

function tokens(lengths: readonly number[]): Tokens {
  const draw = new Draw(99, 1);
  const rows = lengths.map((length) => ({
    q: draw.floats([length, HEADS * WIDTH]),
    k: draw.floats([length, KV_HEADS * WIDTH]),
    v: draw.floats([length, KV_HEADS * WIDTH]),
  }));
  return { rows, lengths };
}

/** What full causal attention over each row's tokens gives, [length, heads·width] per row. */
async function wanted(backend: Backend, { rows }: Tokens): Promise<HostTensor[]> {
  return Promise.all(
    rows.map(async ({ q, k, v }) => {
      const [length] = q.shape;
      const shapes = [q, k, v].map(({ shape }) => [1, ...shape]);
      const traced = [...shapes, [length, length]].map((shape) => graph.input(shape));
      const options = { heads: HEADS, kvHeads: KV_HEADS, scale: SCALE, causal: true };
      const out = graph.attention(traced[0], traced[1], traced[2], traced[3], options);
      const executable = await backend.compile(graph.makeGraph(traced, [out]));
      const mask = Float32Array.from({ length: length * length }, (_, i) =>
        i % length <= Math.floor(i / length) ? 0 : -1e9,
      );
      const given = [q, k, v].map((tensor, i) => ({ ...tensor, shape: shapes[i] }));
      const [result] = await executable.run([
        ...given,
        { dtype: 'float32', shape: [length, length], data: mask },
      ]);
      await executable.release();
      return { ...result, shape: result.shape.slice(1) };
    }),
  );
}

function emptyCaches(batch: number): Caches {
  const shape = [batch, KV_HEADS, CAPACITY, WIDTH];
  // What is not filled is never read: rubbish there must not show.
  const rubbish = () => new Float32Array(graph.sizeOf(shape)).fill(77);
  return {
    keys: { dtype: 'float32', shape, data: rubbish() },
    values: { dtype: 'float32', shape, data: rubbish() },
  };
}

function compile(backend: Backend, batch: number, length: number): Promise<Executable> {
  const [q, k, v] = [HEADS, KV_HEADS, KV_HEADS].map((heads) => graph.input([batch, length, heads * WIDTH]));
  const [cachedK, cachedV] = [0, 1].map(() => graph.input([batch, KV_HEADS, CAPACITY, WIDTH]));
  const past = graph.input([batch], 'int32');
  const options = { heads: HEADS, kvHeads: KV_HEADS, scale: SCALE };
  const done = graph.cachedAttention({ q, k, v, cachedK, cachedV, past }, options);
  const inputs = [q, k, v, cachedK, cachedV, past];
  return backend.compile(graph.makeGraph(inputs, [done.out, done.cachedK, done.cachedV]));
}

/** Declares the tests of generation: caches that grow give what attention over all tokens gives. */
export function cachesLikeAttention(name: string, backend: Backend): void {
  /** Feeds `step` tokens of every row behind `past`; in place, or into caches of the executable's own. */
  async function feed(all: Tokens, caches: Caches, past: readonly number[], step: number, inPlace: boolean) {
    const batch = all.rows.length;
    const take = (part: 'q' | 'k' | 'v'): HostTensor => {
      const width = all.rows[0][part].shape[1];
      const data = new Float32Array(batch * step * width);
      all.rows.forEach((row, b) => {
        const end = Math.min(past[b] + step, all.lengths[b]);
        data.set(row[part].data.subarray(past[b] * width, end * width) as Float32Array, b * step * width);
      });
      return { dtype: 'float32', shape: [batch, step, width], data };
    };
    const executable = await compile(backend, batch, step);
    const filled: HostTensor = { dtype: 'int32', shape: [batch], data: Int32Array.from(past) };
    const into = inPlace ? [undefined, caches.keys, caches.values] : [];
    const inputs = [take('q'), take('k'), take('v'), caches.keys, caches.values, filled];
    const [out, keys, values] = await executable.run(inputs, into);
    if (inPlace) expect([keys, values]).toEqual([caches.keys, caches.values]);
    await executable.release();
    return { out, caches: { keys, values } };
  }

  describe(`${name}: cachedAttention`, () => {
    test.each([
      ['in place', true],
      ['into fresh caches', false],
    ])('token by token behind a ragged prompt, %s', async (_, inPlace) => {
      const all = tokens([9, 6, 7]);
      const prompt = [5, 2, 3];
      const answers = await wanted(backend, all);
      const check = (out: HostTensor, past: readonly number[], counts: readonly number[]): void => {
        const [, step, width] = out.shape;
        counts.forEach((count, row) => {
          const got = out.data.subarray(row * step * width, (row * step + count) * width);
          const all = answers[row].data.subarray(past[row] * width, (past[row] + count) * width);
          const shape = [count, width];
          const what = `row ${row} from position ${past[row]}`;
          expectClose(
            what,
            { dtype: 'float32', shape, data: got },
            { dtype: 'float32', shape, data: all },
            TOLERANCE,
          );
        });
      };
      // Rows shorter than the longest prompt are padded; what their padding writes is overwritten later.
      let state = await feed(all, emptyCaches(3), [0, 0, 0], 5, inPlace);
      check(state.out, [0, 0, 0], prompt);
      const past = [...prompt];
      for (let step = 0; step < 4; step++) {
        state = await feed(all, state.caches, past, 1, inPlace);
        check(state.out, past, [1, 1, 1]);
        past.forEach((length, row) => (past[row] = length + 1));
      }
      past.forEach((length, row) => {
        const { k } = all.rows[row];
        for (let position = 0; position < length; position++) {
          for (let head = 0; head < KV_HEADS; head++) {
            const at = ((row * KV_HEADS + head) * CAPACITY + position) * WIDTH;
            const written = state.caches.keys.data.subarray(at, at + WIDTH);
            const start = (position * KV_HEADS + head) * WIDTH;
            expect([...written]).toEqual([...k.data.subarray(start, start + WIDTH)]);
          }
        }
      });
    });

    test.each([1, 3])('a second prompt of several tokens behind filled caches, %i rows', async (batch) => {
      const all = tokens([9, 7, 8].slice(0, batch));
      const answers = await wanted(backend, all);
      const first = await feed(
        all,
        emptyCaches(batch),
        all.lengths.map(() => 0),
        3,
        true,
      );
      const past = [3, 1, 2].slice(0, batch);
      const { out } = await feed(all, first.caches, past, 6, true);
      const width = HEADS * WIDTH;
      past.forEach((from, row) => {
        const shape = [6, width];
        const got = {
          dtype: 'float32',
          shape,
          data: out.data.subarray(row * 6 * width, (row + 1) * 6 * width),
        };
        const data = answers[row].data.subarray(from * width, (from + 6) * width);
        expectClose(`row ${row}`, got, { dtype: 'float32', shape, data }, TOLERANCE);
      });
    });
  });
}
