import type * as Ort from 'onnxruntime-node';
import { hostZeros, type Graph } from 'swift-ts/graph';
import type { Executable, HostTensor } from 'swift-ts/plugin';
import { UNREAD } from './emitter.js';

/** What onnxruntime-node says when it meets the output named UNREAD. */
const UNREAD_MESSAGE = 'Non tensor type is temporarily not supported';

/** What a session's caller sees of its model. */
interface ModelFace {
  readonly graph: Graph;
  /** Names of the inputs that are not constants, in order. */
  readonly inputNames: readonly string[];
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
    inputs.forEach((tensor, i) => (feeds[this.model.inputNames[i]] = this.toOrt(tensor)));
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
