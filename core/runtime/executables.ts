import type { Backend, Executable } from '../contracts/backend.js';
import { structuralKey, type Graph } from '../graph/index.js';

/** Compiled graphs by structure: equal layers share one. */
export class Executables {
  private readonly compiled = new Map<string, Promise<Executable>>();

  constructor(private readonly backend: Backend) {}

  get(graph: Graph): Promise<Executable> {
    const key = structuralKey(graph);
    let executable = this.compiled.get(key);
    if (!executable) this.compiled.set(key, (executable = this.backend.compile(graph)));
    return executable;
  }

  get count(): number {
    return this.compiled.size;
  }

  async release(): Promise<void> {
    for (const executable of this.compiled.values()) await (await executable).release();
    this.compiled.clear();
  }
}
