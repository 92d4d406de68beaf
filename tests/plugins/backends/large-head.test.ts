/** A head as large as those of Qwen, Gemma and Llama 3, quantized and multiplied: more values than a list can hold. */
import { expect, test } from 'vitest';
import { input, makeGraph, quantizedMatmul } from '../../../core/graph/index.js';
import { OnnxRuntimeBackend } from '../../../plugins/backends/onnxruntime/index.js';
import { RoundToNearest } from '../../../plugins/quantizers/rtn.js';

const [VOCABULARY, WIDTH] = [151_936, 896];

test('an int8 head of 152k x 896 is quantized and packed for its kernel', { timeout: 120_000 }, async () => {
  // Row r is (r mod 127) − 63 in its first column and 127 in its last: codes and scales are exact.
  const values = new Float32Array(VOCABULARY * WIDTH);
  for (let row = 0; row < VOCABULARY; row++) {
    values[row * WIDTH] = (row % 127) - 63;
    values[(row + 1) * WIDTH - 1] = 127;
  }
  const weight = new RoundToNearest().quantizeTable(values, [VOCABULARY, WIDTH]);
  const x = input([1, WIDTH], 'float32');
  const parts = weight.parts.map(({ shape, dtype }) => input(shape, dtype));
  const graph = makeGraph([x, ...parts], [quantizedMatmul(x, parts, weight)]);
  const constants = new Map(parts.map((part, i) => [part, weight.parts[i]]));
  const executable = await new OnnxRuntimeBackend().compile(graph, { constants });
  const first = new Float32Array(WIDTH);
  first[0] = 1;
  const [{ data }] = await executable.run([{ dtype: 'float32', shape: [1, WIDTH], data: first }]);
  await executable.release();
  let largestError = 0;
  for (let row = 0; row < VOCABULARY; row++)
    largestError = Math.max(largestError, Math.abs(data[row] - ((row % 127) - 63)));
  expect(largestError).toBeLessThan(1e-3);
});
