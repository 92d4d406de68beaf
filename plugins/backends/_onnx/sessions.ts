import { dirname } from 'node:path';
import type * as Ort from 'onnxruntime-node';
import type { Graph, Node } from 'swift-ts/graph';
import { SwiftError, type CompileOptions, type Executable, type FilePlace } from 'swift-ts/plugin';
import { lowerFor, unsupported } from '../_lower-for.js';
import { toOnnx } from './emitter.js';
import { OnnxExecutable } from './executable.js';
import type { Lowering } from './lowering.js';
import { encodeModel } from './model-proto.js';

/** What tells one backend on ONNX Runtime from another. */
export interface Dialect {
  /** The backend's id. */
  readonly id: string;
  /** @throws SwiftError BAD_ARGUMENT for settings of the environment that make no sense */
  options(): Ort.InferenceSession.SessionOptions;
  /** Version of ONNX that the models are in. */
  readonly opset: number;
  readonly lowerings: ReadonlyMap<string, Lowering>;
  /** Whether outputs stay unread by the JavaScript binding (see UNREAD). It takes an operator that runs on the CPU. */
  readonly skipsReading: boolean;
  /**
   * Whether a node is said directly; others are decomposed.
   * @param isConstant whether the values of its operands but the first are known
   */
  isNative(node: Node, isConstant: boolean): boolean;
}

/** Compiles graphs to sessions of ONNX Runtime: each is an in-memory ONNX model. */
export class OnnxSessions {
  private library?: Promise<typeof Ort>;

  constructor(private readonly dialect: Dialect) {}

  async compile(
    graph: Graph,
    { constants = new Map(), mapped = new Map(), frugal = false }: CompileOptions = {},
  ): Promise<Executable> {
    const ort = await this.load();
    const { id, opset, lowerings, skipsReading } = this.dialect;
    const isConstant = (node: Node): boolean => node.inputs.slice(1).every((tensor) => constants.has(tensor));
    const lowered = lowerFor(id, graph, (node) => this.dialect.isNative(node, isConstant(node)));
    const model = toOnnx(lowered, { lowerings, constants, mapped, skipsReading });
    const options = { ...this.dialect.options(), enableCpuMemArena: !frugal };
    const settings = mapped.size > 0 ? withFiles(options, [...mapped.values()]) : options;
    const session = await ort.InferenceSession.create(encodeModel(model, opset), settings).catch(
      (cause: unknown) => {
        throw unsupported(id, `refuses the graph: ${String(cause)}`, cause);
      },
    );
    return new OnnxExecutable(ort, session, { inputs: model.inputs, graph, skipsReading });
  }

  /** The library's name and version. */
  async version(): Promise<string> {
    const { env } = await this.load();
    return `onnxruntime ${env.versions.node ?? env.versions.common}`;
  }

  private load(): Promise<typeof Ort> {
    // It collects what it calls telemetry unless it is told not to before it loads.
    process.env.ORT_DISABLE_TELEMETRY ??= '1';
    this.library ??= import('onnxruntime-node').then(
      (ort) => {
        ort.env.logLevel = 'error';
        return ort;
      },
      (cause: unknown) => {
        throw new SwiftError('BACKEND_UNAVAILABLE', `onnxruntime-node does not load: ${String(cause)}`, {
          cure: 'Reinstall dependencies (npm ci), or choose another backend: --backend tfjs.',
          exitCode: 1,
          cause,
        });
      },
    );
    return this.library;
  }
}

/** Settings for a model whose initializers lie in files of one folder. Packed for the kernels, they would be copied. */
function withFiles(
  options: Ort.InferenceSession.SessionOptions,
  [{ path }]: readonly FilePlace[],
): Ort.InferenceSession.SessionOptions {
  const extra = options.extra as { session: object };
  const files = { model_external_initializers_file_folder_path: dirname(path), disable_prepacking: '1' };
  return { ...options, extra: { ...extra, session: { ...extra.session, ...files } } };
}
