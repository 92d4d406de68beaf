import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../core/contracts/backend.js';
import * as graph from '../../../core/graph/index.js';
import { isSwiftError } from '../../../core/errors.js';
import { OnnxRuntimeBackend } from '../../../plugins/backends/onnxruntime/index.js';
import { ReferenceBackend } from '../../../plugins/backends/reference/index.js';
import { TfjsBackend } from '../../../plugins/backends/tfjs/index.js';
import { peersFolder } from '../../extras/peers.js';

process.env.SWIFT_PEERS = peersFolder;

const mysteryOp = graph.defineOp({ name: 'mystery', infer: ([x]) => [x] });

const backends: readonly (readonly [string, Backend])[] = [
  ['onnxruntime', new OnnxRuntimeBackend()],
  ['reference', new ReferenceBackend()],
  ['tfjs', new TfjsBackend()],
];

describe.each(backends)('%s', (id, backend) => {
  test('an op it lacks is named, with the backend and a way out', async () => {
    const x = graph.input([2, 3]);
    const traced = graph.makeGraph([x], [graph.apply1(mysteryOp, [graph.neg(x)])]);
    const error = await backend.compile(traced).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(isSwiftError(error) && error.render()).toMatch(
      new RegExp(
        `^error \\[UNSUPPORTED_OP\\]: backend ${id}.* has no op 'mystery' for float32\\[2, 3\\]\\n  Try another backend: --backend`,
      ),
    );
    expect(isSwiftError(error) && error.cure.join()).not.toContain(`--backend ${id}`);
  });
});

test('ONNX Runtime names an op that it has for other dtypes only', async () => {
  const x = graph.input([2], 'uint8');
  const traced = graph.makeGraph([x], [graph.apply1({ ...graph.softmaxOp, infer: ([a]) => [a] }, [x])]);
  await expect(new OnnxRuntimeBackend().compile(traced)).rejects.toMatchObject({
    code: 'UNSUPPORTED_OP',
    message: expect.stringMatching(/^backend onnxruntime refuses the graph: .*Softmax/) as string,
  });
});
