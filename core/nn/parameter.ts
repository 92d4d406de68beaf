import {
  formatName,
  partSpecs,
  sizeOf,
  type HostTensor,
  type Shape,
  type WeightFormat,
  type WeightLayout,
} from '../graph/index.js';

/** A weight as it lies in memory: how to read it, and its tensors in the order of `partSpecs`. */
export interface StoredWeight extends WeightLayout {
  readonly parts: readonly HostTensor[];
}

/** Where values lie in a scratch file. */
export interface ScratchPlace {
  readonly position: number;
  readonly bytes: number;
}

/** Where values lie in a file of weights, little-endian and row-major. */
export interface FilePlace extends ScratchPlace {
  /** Without symbolic links. */
  readonly path: string;
}

/** A named tensor of a model. Symbolic until values are bound. */
export class Parameter {
  /** Whether training computes a gradient for it; it is held in float32 then. */
  trainable = false;
  /** Whether the run at hand trains it, now or in other steps. */
  tuned = false;
  /** Whether it never trains, and stays in files as it is: no pass reads it, or it is a table that nobody learned. */
  idle = false;
  /** Its values before training, where they are kept: a pass without adapters reads these. */
  before?: Parameter;
  private stored?: StoredWeight;
  private onDisk?: WeightLayout & { readonly places: readonly ScratchPlace[] };
  private inFile?: FilePlace;

  constructor(readonly shape: Shape) {}

  get size(): number {
    return sizeOf(this.shape);
  }

  /** How the values are held: format and shape. */
  get layout(): WeightLayout {
    return this.stored ?? this.onDisk ?? { format: 'f32', shape: this.shape };
  }

  get format(): WeightFormat {
    return this.layout.format;
  }

  /** Where its parts lie on disk, in order; undefined when they are in memory. */
  get places(): readonly ScratchPlace[] | undefined {
    return this.onDisk?.places;
  }

  /** Where its float32 values lie in the file they came from, when they were left there. */
  get file(): FilePlace | undefined {
    return this.inFile;
  }

  /** The stored weight. @throws Error when no values are bound yet, or they lie on disk */
  get weight(): StoredWeight {
    if (this.onDisk) throw new Error(`a parameter of [${this.shape}] lies on disk`);
    if (!this.stored) throw new Error(`a parameter of [${this.shape}] has no values yet`);
    return this.stored;
  }

  /** Row-major float32 values, shared, not copied; undefined when none are bound or they are held in another format. */
  get data(): Float32Array | undefined {
    return this.stored?.format === 'f32' ? (this.stored.parts[0].data as Float32Array) : undefined;
  }

  set data(values: Float32Array) {
    const { shape } = this;
    this.hold({ format: 'f32', shape, parts: [{ dtype: 'float32', shape, data: values }] });
  }

  /** Binds values held in any format. @throws Error when a part has another size than its format asks for */
  hold(weight: StoredWeight): void {
    partSpecs(weight).forEach(({ shape }, i) => {
      if (weight.parts[i].data.length !== sizeOf(shape))
        throw new Error(
          `part ${i} of a ${formatName(weight.format)} weight has ${weight.parts[i].data.length} elements`,
        );
    });
    this.stored = weight;
    this.onDisk = undefined;
    this.inFile = undefined;
  }

  /** Leaves float32 values in the file they lie in. */
  leave(place: FilePlace): void {
    this.spill({ format: 'f32', shape: this.shape }, [place]);
    this.inFile = place;
  }

  /** Lets go of values that were written to disk. @param places of the parts, in order */
  spill({ format, shape }: WeightLayout, places: readonly ScratchPlace[]): void {
    this.onDisk = { format, shape, places };
    this.stored = undefined;
  }
}
