import type { Backend, Executable, HostTensor } from '../contracts/backend.js';
import { structuralKey, type Graph, type Tensor } from '../graph/index.js';

/** Compiled graphs by structure: equal layers share one. */
export class Executables {
  private readonly compiled = new Map<string, Promise<Executable>>();
  /** Graphs with weights built in, which no other layer can share. */
  private readonly unshared: Promise<Executable>[] = [];

  /** @param frugal see CompileOptions */
  constructor(
    private readonly backend: Backend,
    private readonly frugal = false,
  ) {}

  get(graph: Graph): Promise<Executable> {
    const key = structuralKey(graph);
    let executable = this.compiled.get(key);
    if (!executable)
      this.compiled.set(key, (executable = this.backend.compile(graph, { frugal: this.frugal })));
    return executable;
  }

  /** A graph with the values of some inputs built in. */
  withConstants(graph: Graph, constants: ReadonlyMap<Tensor, HostTensor>): Promise<Executable> {
    const executable = this.backend.compile(graph, { constants });
    this.unshared.push(executable);
    return executable;
  }

  get count(): number {
    return this.compiled.size + this.unshared.length;
  }

  async release(): Promise<void> {
    for (const executable of [...this.compiled.values(), ...this.unshared])
      await (await executable).release();
    this.compiled.clear();
    this.unshared.length = 0;
  }
}
