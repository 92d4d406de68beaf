import { counted } from '../counted.js';
import { dirname } from 'node:path';
import type { PatcherFlags, QuantizerFlags } from '../config/plugin-flags.js';
import { pluginOptions } from '../config/plugin-options.js';
import type { QuantizeOptions, Quantizer } from '../contracts/quantizer.js';
import type { Log } from '../contracts/log.js';
import { SwiftError } from '../errors.js';
import { formatName } from '../graph/index.js';
import { f32ToBf16, f32ToF16, isFileDtype, type FileDtype } from '../io/dtypes.js';
import type { TensorSource } from '../io/tensor-source.js';
import type { ModelDtype } from './model-dtypes.js';
import {
  Embedding,
  Linear,
  Router,
  type CausalLM,
  type ComputePrecision,
  type FilePlace,
  type Parameter,
  type StoredWeight,
} from '../nn/index.js';
import type { Plugins } from '../registry/plugins.js';

/** How a model's weights are to be held. Beside these, what the quantizer takes. */
export interface WeightOptions extends QuantizerFlags, PatcherFlags {
  /** AUTO keeps 16-bit floats as the checkpoint has them. */
  readonly dtype?: ModelDtype;
  /** Bits of the blocks' linear layers; 0 leaves them as `dtype` says. */
  readonly quant_bits?: number;
  /** Id of a quantizer. */
  readonly quant_method?: string;
  /** int8 leaves room in the codes for 8-bit arithmetic. */
  readonly compute_precision?: ComputePrecision;
  /** Leave float32 matrices in their files, for a backend that maps them; they cannot be changed then. */
  readonly leave_in_files?: boolean;
}

/**
 * Without VNNI, x86 CPUs multiply 8-bit pairs into 16 bits: two products of 255 · 64 fit, of 255 · 127 do not and
 * would be cut off silently. Weights for 8-bit arithmetic therefore use codes up to 64, on every machine.
 */
export const SAFE_CODE = 64;

/** Values, 64 MB: a larger weight, such as a head, gets memory that is free again right after. */
const MOST_LENT = 2 ** 24;

/** Decides, weight by weight, in which format it is held. */
export class WeightPlan {
  private readonly counts = new Map<string, number>();
  private unfit = 0;
  private rounded = 0;
  private bytes = 0;
  private left = 0;
  /** Quantized types of a file that are widened, whatever it is held in then. */
  private readonly widened = new Set<string>();
  private folder?: string;
  private room = new Float32Array(0);

  private constructor(
    private readonly dtype: ModelDtype,
    private readonly quantized: ReadonlySet<Parameter>,
    private readonly tables: ReadonlySet<Parameter>,
    private readonly quantizer?: { readonly method: Quantizer; readonly options: QuantizeOptions },
    private readonly leaves = false,
  ) {}

  /** @throws SwiftError BAD_ARGUMENT, UNKNOWN_PLUGIN */
  static async of(model: CausalLM, options: WeightOptions, plugins: Plugins): Promise<WeightPlan> {
    const { dtype = 'AUTO', quant_bits: bits = 0, quant_method = 'bnb' } = options;
    const { compute_precision } = options;
    if (bits === 0) return new WeightPlan(dtype, new Set(), new Set(), undefined, options.leave_in_files);
    const { instance, meta } = await plugins.resolve('quantizer', quant_method);
    if (!meta.bits.includes(bits)) {
      throw new SwiftError('BAD_ARGUMENT', `--quant_bits ${bits}: ${quant_method} has no such format`, {
        cure: `It offers ${meta.bits.join(' and ')} bits.`,
      });
    }
    const own = pluginOptions(meta, options);
    // A router is next to nothing, and a rounded one sends tokens to other experts.
    const linears = model.blocks
      .flatMap((block) => [...block.namedModules()])
      .flatMap(([, module]) =>
        module instanceof Linear && !(module instanceof Router) ? [module.weight] : [],
      );
    const largest_code = compute_precision === 'int8' ? SAFE_CODE : 127;
    const quantizer = { method: instance, options: { ...own, bits, largest_code } };
    return new WeightPlan(dtype, new Set(linears), tablesOf(model), quantizer);
  }

  /** Where a tensor's float32 values can stay, when that is wanted and this plan would hold them as they are. */
  placeOf(parameter: Parameter, name: string, source: TensorSource): FilePlace | undefined {
    if (!this.leaves || this.quantizer || parameter.shape.length < 2) return undefined;
    const { dtype } = source.info(name);
    if (dtype !== 'F32' || this.format(dtype) !== 'f32') return undefined;
    const place = source.place?.(name);
    if (!place) return undefined;
    // A backend maps the files of one folder.
    this.folder ??= dirname(place.path);
    if (dirname(place.path) !== this.folder) return undefined;
    this.left += place.bytes;
    return place;
  }

  /** Reads a tensor into the format this plan gives it. */
  async read(parameter: Parameter, name: string, source: TensorSource): Promise<StoredWeight> {
    const { dtype } = source.info(name);
    if (!isFileDtype(dtype)) this.widened.add(dtype);
    return this.counted(await this.choose(parameter, name, source));
  }

  /** Takes a weight into what is reported. */
  counted(weight: StoredWeight): StoredWeight {
    const name = formatName(weight.format);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    for (const { data } of weight.parts) this.bytes += data.byteLength;
    return weight;
  }

  /** Says what became of the weights, when anything but float32. */
  report(place: string, log: Log): void {
    const kinds = [...this.counts].map(([format, count]) => `${count} ${format}`).join(', ');
    if (this.counts.size > 1 || !this.counts.has('f32')) log.info(`weights: ${kinds}; ${size(this.bytes)}`);
    if (this.widened.size > 0) {
      log.info(
        `weights: ${[...this.widened].sort().join(', ')} of the file are widened; answers are computed from the widened values`,
      );
    }
    if (this.left > 0) log.info(`weights: ${size(this.left)} stay in their files, mapped into memory`);
    if (this.rounded > 0)
      log.warn(`${place}: ${counted(this.rounded, 'tensor was', 'tensors were')} rounded to ${this.dtype}`);
    if (this.unfit > 0) {
      const { method, options } = this.quantizer!;
      const why = method.whyUnfit?.(options) ?? 'the quantizer has no format for them';
      log.warn(`${counted(this.unfit, 'linear layer stays', 'linear layers stay')} unquantized: ${why}`);
    }
  }

  private async choose(parameter: Parameter, name: string, source: TensorSource): Promise<StoredWeight> {
    const { shape } = parameter;
    if (this.quantizer && this.quantized.has(parameter)) {
      const { method, options } = this.quantizer;
      if (method.fits(shape, options))
        return method.quantize(await this.lent(parameter, name, source), shape, options);
      this.unfit++;
    }
    if (this.quantizer?.method.quantizeTable && this.tables.has(parameter))
      return this.quantizer.method.quantizeTable(await this.lent(parameter, name, source), shape);
    // Norm weights and biases are next to nothing, and added in float32.
    const format = shape.length < 2 ? 'f32' : this.format(source.info(name).dtype);
    if (format === 'f32') {
      const data = await source.readFloat32(name);
      return { format, shape, parts: [{ dtype: 'float32', shape, data }] };
    }
    const bits = await this.halves(format, name, source);
    return { format, shape, parts: [{ dtype: 'uint16', shape, data: bits }] };
  }

  /** Values that are only looked at, in memory that the next ones get too. */
  private lent({ size }: Parameter, name: string, source: TensorSource): Promise<Float32Array> {
    if (size > this.room.length && size <= MOST_LENT) this.room = new Float32Array(size);
    return source.readFloat32(name, this.room);
  }

  /** In which type a checkpoint of the model holds a tensor that its base has as `stored`. */
  fileDtype(stored: string): FileDtype {
    if (this.dtype !== 'AUTO') return ({ fp32: 'F32', fp16: 'F16', bf16: 'BF16' } as const)[this.dtype];
    return stored === 'F16' || stored === 'BF16' || stored === 'F64' ? stored : 'F32';
  }

  private format(stored: string): 'f32' | 'f16' | 'bf16' {
    if (this.dtype === 'AUTO') return stored === 'F16' ? 'f16' : stored === 'BF16' ? 'bf16' : 'f32';
    return ({ fp32: 'f32', fp16: 'f16', bf16: 'bf16' } as const)[this.dtype];
  }

  private async halves(format: 'f16' | 'bf16', name: string, source: TensorSource): Promise<Uint16Array> {
    const isOwn = source.info(name).dtype === format.toUpperCase();
    if (isOwn && source.read) {
      const { buffer, byteOffset, byteLength } = await source.read(name);
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    }
    if (!isOwn) this.rounded++;
    return (format === 'f16' ? f32ToF16 : f32ToBf16)(await source.readFloat32(name));
  }
}

/** Embedding and output head. */
function tablesOf(model: CausalLM): Set<Parameter> {
  const tables = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof Embedding ? [module.weight] : [],
  );
  return new Set(model.lm_head instanceof Linear ? [...tables, model.lm_head.weight] : tables);
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
