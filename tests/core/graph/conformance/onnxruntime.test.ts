import { cachesLikeAttention } from '../../../../parity/ops/cached-attention.js';
import { OnnxRuntimeBackend } from '../../../../plugins/backends/onnxruntime/index.js';
import { agreesWithReference } from '../../../../parity/ops/agreement.js';

const backend = new OnnxRuntimeBackend();

agreesWithReference('onnxruntime', backend, 25);
cachesLikeAttention('onnxruntime', backend);
