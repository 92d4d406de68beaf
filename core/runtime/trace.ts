import {
  add,
  addmm,
  dequantize,
  gather,
  input,
  inputOp,
  int8Matmul,
  isByRows,
  isInt8,
  linearCrossEntropy,
  matmul,
  partSpecs,
  quantizedMatmul,
  storedCrossEntropy,
  type Shape,
  type Tensor,
} from '../graph/index.js';
import type { AdapterWeights, ComputePrecision, Parameter, Scope } from '../nn/index.js';
import type { Version } from './version.js';

/** A dropout mask a segment asked for. */
export interface MaskRequest {
  readonly shape: Shape;
  readonly p: number;
}

/** Rows of a table that a segment read. When it trains, their gradient is a few rows instead of a whole table. */
export interface RowRead {
  readonly ids: Tensor;
  readonly rows: Tensor;
}

/** Records which parameters and masks a segment reads while it is traced, in order of first use. */
export class TraceScope implements Scope {
  /** Those of the version, unless the segment is given others as data. */
  adapters: AdapterWeights;
  media?: Tensor;
  private readonly tensors = new Map<Parameter, readonly Tensor[]>();
  private readonly values = new Map<Parameter, Tensor>();
  private readonly masks: { request: MaskRequest; tensor: Tensor }[] = [];
  private readonly rowReads = new Map<Parameter, RowRead[]>();

  constructor(
    readonly training: boolean,
    private readonly precision: ComputePrecision,
    private readonly of: Version,
  ) {
    this.adapters = of.adapters;
  }

  withAdapters(adapters: AdapterWeights): Scope {
    const scope = Object.create(this) as TraceScope;
    scope.adapters = adapters;
    return scope;
  }

  withMedia(media: Tensor): Scope {
    const scope = Object.create(this) as TraceScope;
    scope.media = media;
    return scope;
  }

  param(named: Parameter): Tensor {
    const parameter = this.version(named);
    let tensor = this.values.get(parameter);
    if (!tensor) {
      tensor = dequantize(this.parts(parameter), parameter.layout);
      this.values.set(parameter, tensor);
    }
    return tensor;
  }

  rows(named: Parameter, ids: Tensor): Tensor {
    const table = this.version(named);
    const { layout } = table;
    if (!isByRows(layout.format)) return gather(this.param(table), ids);
    const shape = [ids.shape[0], ...table.shape.slice(1)];
    const picked = this.parts(table).map((part) => gather(part, ids));
    const rows = dequantize(picked, { ...layout, shape });
    this.rowReads.set(table, [...(this.rowReads.get(table) ?? []), { ids, rows }]);
    return rows;
  }

  /** The reads of a table that is read only by rows that are data of the segment; undefined for every other parameter. */
  rowReadsOf(table: Parameter): readonly RowRead[] | undefined {
    const reads = this.rowReads.get(table);
    const isOnlyRows = !this.values.has(table) && reads?.every(({ ids }) => ids.node.op === inputOp);
    return isOnlyRows ? reads : undefined;
  }

  linear(x: Tensor, named: Parameter, bias?: Parameter): Tensor {
    const weight = this.version(named);
    const { format } = weight;
    if (format === 'f32') {
      const w = this.param(weight);
      return bias ? addmm(this.param(bias), x, w, { transB: true }) : matmul(x, w, { transB: true });
    }
    const [codes, scale] = this.parts(weight);
    const product =
      isInt8(format) && this.precision === 'int8'
        ? int8Matmul(x, codes, scale)
        : quantizedMatmul(x, this.parts(weight), weight.layout);
    return bias ? add(product, this.param(bias)) : product;
  }

  crossEntropy(x: Tensor, named: Parameter, labels: Tensor): { loss: Tensor; correct: Tensor } {
    const head = this.version(named);
    if (head.format === 'f32' || !isByRows(head.format))
      return linearCrossEntropy(x, this.param(head), labels);
    return storedCrossEntropy(x, this.parts(head), head.layout, labels);
  }

  dropoutMask(shape: Shape, p: number): Tensor {
    const tensor = input(shape, 'uint8');
    this.masks.push({ request: { shape, p }, tensor });
    return tensor;
  }

  get parameters(): readonly Parameter[] {
    return [...this.tensors.keys()];
  }

  get maskRequests(): readonly MaskRequest[] {
    return this.masks.map(({ request }) => request);
  }

  /** The graph inputs this segment needs beside its data: masks, then the parts of each parameter. */
  get inputs(): readonly Tensor[] {
    return [...this.masks.map(({ tensor }) => tensor), ...[...this.tensors.values()].flat()];
  }

  private version(parameter: Parameter): Parameter {
    return this.of.before ? (parameter.before ?? parameter) : parameter;
  }

  /** The graph inputs that carry a parameter. */
  parts(parameter: Parameter): readonly Tensor[] {
    let parts = this.tensors.get(parameter);
    if (!parts) {
      parts = partSpecs(parameter.layout).map(({ shape, dtype }) => input(shape, dtype));
      this.tensors.set(parameter, parts);
    }
    return parts;
  }
}
