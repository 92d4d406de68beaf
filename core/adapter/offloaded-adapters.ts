/** Adapters that take no part for now, with their values on disk. */
import type { Scratch } from '../contracts/scratch.js';
import { adapterParameters, type CausalLM, type Parameter, type ScratchPlace } from '../nn/index.js';

/** A model is not closed; its scratch file is, once the model is gone. */
const GONE = new FinalizationRegistry<Scratch>((scratch) => void scratch.close());

export class OffloadedAdapters {
  private readonly places = new Map<Parameter, ScratchPlace>();

  constructor(private readonly scratch: Scratch) {
    GONE.register(this, scratch);
  }

  /** Writes an adapter's values to disk and lets go of them. */
  async offload(model: CausalLM, name: string): Promise<void> {
    for (const parameter of adapterParameters(model, name)) {
      if (this.places.has(parameter)) continue;
      const { format, shape } = parameter.layout;
      const place = await this.scratch.store(parameter.data!);
      this.places.set(parameter, place);
      parameter.spill({ format, shape }, [place]);
    }
  }

  /** Reads an adapter's values back, where they were offloaded. */
  async bringBack(model: CausalLM, name: string): Promise<void> {
    for (const parameter of adapterParameters(model, name)) {
      const place = this.places.get(parameter);
      if (!place) continue;
      const data = new Float32Array(parameter.size);
      await this.scratch.load(place, data);
      parameter.data = data;
      this.places.delete(parameter);
      this.scratch.free(place);
    }
  }
}
