import { OnnxRuntimeWebgpuBackend } from '../../../../plugins/backends/onnxruntime-webgpu/index.js';
import { agreesWithReference } from './agreement.js';
agreesWithReference('onnxruntime-webgpu', new OnnxRuntimeWebgpuBackend(), 6);
