import type * as Ort from 'onnxruntime-node';
import { hostZeros, sizeOf, type Graph } from 'swift-ts/graph';
import type { Executable, HostTensor } from 'swift-ts/plugin';
import { UNREAD } from './emitter.js';
import type { OnnxInput } from './model-proto.js';

/** What onnxruntime-node says when it meets the output named UNREAD. */
const UNREAD_MESSAGE = 'Non tensor type is temporarily not supported';

/** What a session's caller sees of its model. */
interface ModelFace {
  readonly graph: Graph;
  readonly inputs: readonly OnnxInput[];
  readonly skipsReading: boolean;
}

/** One session. All outputs are written to memory that is given or allocated here, none is handed back. */
export class OnnxExecutable implements Executable {
  constructor(
    private readonly ort: typeof Ort,
    private readonly session: Ort.InferenceSession,
    private readonly model: ModelFace,
  ) {}

  async run(
    inputs: readonly HostTensor[],
    into: readonly (HostTensor | undefined)[] = [],
  ): Promise<HostTensor[]> {
    const outputs = this.model.graph.outputs.map((output, i) => into[i] ?? hostZeros(output));
    const feeds: Record<string, Ort.Tensor> = {};
    for (const { name, shape, source, start } of this.model.inputs) {
      const { dtype, data } = inputs[source];
      feeds[name] = this.toOrt({ dtype, shape, data: data.subarray(start, start + sizeOf(shape)) });
    }
    const fetches: Record<string, Ort.Tensor | null> = this.model.skipsReading ? { [UNREAD]: null } : {};
    outputs.forEach((tensor, i) => (fetches[`out${i}`] = this.toOrt(tensor)));
    await this.session.run(feeds, fetches).catch((error: unknown) => {
      if (!String(error).includes(UNREAD_MESSAGE)) throw error;
    });
    return outputs;
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private toOrt({ dtype, data, shape }: HostTensor): Ort.Tensor {
    return new this.ort.Tensor(dtype, data as Float32Array, shape);
  }
}
