import { describe, test } from 'vitest';
import { isSwiftError } from '../../../../core/errors.js';
import { OnnxRuntimeWebgpuBackend } from '../../../../plugins/backends/onnxruntime-webgpu/index.js';
import { agreesWithReference } from '../../../../parity/ops/agreement.js';

const backend = new OnnxRuntimeWebgpuBackend();

/** Why there is no adapter; undefined when there is one. */
const missing = await backend.describe().then(
  () => undefined,
  (error: unknown) => (isSwiftError(error) ? error.message : String(error)),
);

if (missing) {
  describe('onnxruntime-webgpu', () => {
    test.skip(`no WebGPU adapter (scripts/webgpu-adapter.sh installs one): ${missing}`, () => undefined);
  });
} else {
  const narrow = ['uint16', 'int8'];
  // Few runs: every graph is compiled to shaders.
  agreesWithReference('onnxruntime-webgpu', backend, 3, ({ sample }) =>
    sample.inputs.some(({ dtype }) => narrow.includes(dtype)),
  );
}
