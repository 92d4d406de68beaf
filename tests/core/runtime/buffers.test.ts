import { expect, test } from 'vitest';
import { BufferPool } from '../../../core/runtime/buffers.js';

test('a smaller or differently typed request reuses a free block; a larger one gets a new one', () => {
  const pool = new BufferPool();
  const large = pool.take({ dtype: 'float32', shape: [10, 10] });
  pool.give([large]);
  const small = pool.take({ dtype: 'uint8', shape: [7] });
  expect(small.data.buffer).toBe(large.data.buffer);
  expect(small.data).toHaveLength(7);
  pool.take({ dtype: 'float32', shape: [101] });
  expect(pool.allocatedBytes).toBe(400 + 404);
});

test('blocks in use are never shared, and the smallest that fits is taken', () => {
  const pool = new BufferPool();
  const [a, b] = [pool.take({ dtype: 'float32', shape: [8] }), pool.take({ dtype: 'float32', shape: [4] })];
  expect(a.data.buffer).not.toBe(b.data.buffer);
  pool.give([a, b]);
  expect(pool.take({ dtype: 'int32', shape: [3] }).data.buffer).toBe(b.data.buffer);
  expect(pool.take({ dtype: 'int32', shape: [3] }).data.buffer).toBe(a.data.buffer);
});
