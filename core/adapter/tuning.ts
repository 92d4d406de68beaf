/** How a model is tuned: in full, or by one or more adapters, each by its name and its tuner. */
import type { ModelConfig } from '../contracts/model-loader.js';
import type { AdapterFiles, Tuner, TunerStep } from '../contracts/tuner.js';
import { SwiftError } from '../errors.js';
import { mergeAdapters } from '../model/merge-adapters.js';
import { adapterNames, type CausalLM } from '../nn/index.js';
import { adapterFolders, readAdapter } from './adapter-files.js';

export class Tuning {
  constructor(readonly tuners: ReadonlyMap<string, Tuner>) {}

  /** One tuner, under the name that a single one has. */
  static of(tuner: Tuner, name = 'default'): Tuning {
    return new Tuning(new Map([[name, tuner]]));
  }

  /** Whether the model's own weights are what is tuned: checkpoints are whole models. */
  get isFull(): boolean {
    return [...this.tuners.values()].some(({ adapter }) => adapter === undefined);
  }

  get names(): readonly string[] {
    return [...this.tuners.keys()];
  }

  with(name: string, tuner: Tuner): Tuning {
    return new Tuning(new Map([...this.tuners, [name, tuner]]));
  }

  /** Those whose adapters take part; a tuner without adapters on layers always does. */
  private taking(model: CausalLM): readonly (readonly [string, Tuner])[] {
    const switched = adapterNames(model);
    return [...this.tuners].filter(([name]) => model.active_adapters.has(name) || !switched.includes(name));
  }

  /** Whether the tree has blocks that the base has not. */
  get addsBlocks(): boolean {
    return [...this.tuners.values()].some(({ fields }) => fields !== undefined);
  }

  /** Fields of config.json that differ by what the tuners have added to the tree. */
  fields(config: ModelConfig): Readonly<Record<string, unknown>> {
    return Object.assign(
      {},
      ...[...this.tuners.values()].map((tuner) => tuner.fields?.(config)),
    ) as object as Readonly<Record<string, unknown>>;
  }

  /** Whether steps differ in what trains. */
  get followsSteps(): boolean {
    return [...this.tuners.values()].some(({ beforeStep }) => beforeStep !== undefined);
  }

  /** What the tuners change before a step. */
  beforeStep(model: CausalLM, at: TunerStep): void {
    for (const tuner of this.tuners.values()) tuner.beforeStep?.(model, at);
  }

  /** What a checkpoint keeps, by name; undefined when it keeps the whole model. @param baseModel its name or path */
  files(model: CausalLM, baseModel: string): ReadonlyMap<string, AdapterFiles> | undefined {
    if (this.isFull) return undefined;
    return new Map(this.taking(model).map(([name, tuner]) => [name, tuner.adapter!(model, baseModel, name)]));
  }

  /** Fills adapters that are there from a checkpoint's files. @throws SwiftError BAD_CHECKPOINT */
  async restore(model: CausalLM, folder: string): Promise<void> {
    const folders = adapterFolders(folder);
    const taking = this.taking(model);
    // A single adapter is written into the folder itself, whatever it is called.
    const alone = taking.length === 1 && folders.size === 1 ? [...folders.values()][0] : undefined;
    for (const [name, tuner] of taking) {
      const at = folders.get(name) ?? alone;
      if (at === undefined)
        throw new SwiftError('BAD_CHECKPOINT', `${folder} has no adapter '${name}'`, {
          cure: folders.size > 0 ? `It has: ${[...folders.keys()].join(', ')}.` : 'It holds a whole model.',
        });
      tuner.restore!(model, await readAdapter(at), name);
    }
  }

  /** Folds all adapters into the base weights, each as much as it counts. @throws SwiftError BAD_ARGUMENT */
  merge(model: CausalLM): void {
    mergeAdapters(model, this.names);
    for (const [name, tuner] of this.tuners) tuner.merge!(model, name);
  }

  get merges(): boolean {
    return !this.isFull && [...this.tuners.values()].every(({ merge }) => merge !== undefined);
  }
}
