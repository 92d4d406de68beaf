import type { Backend, CompileOptions, Executable } from '../contracts/backend.js';
import { structuralKey, type Graph } from '../graph/index.js';
import { remember } from './remember.js';

/** Values of graph inputs to build into an executable. */
type Constants = Pick<CompileOptions, 'constants' | 'mapped'>;

/** Compiles graphs, each once: equal layers share an executable. Weights built in are nobody else's. */
export interface Compiler {
  get(graph: Graph, constants?: Constants): Promise<Executable>;
}

/** An executable, and how many ask to keep it. */
interface Kept {
  readonly executable: Promise<Executable>;
  users: number;
}

/** The compiled graphs of an engine. What is got here stays to the end, what a lease got until it is given back. */
export class Executables implements Compiler {
  private readonly kept = new Map<string, Kept>();
  private unshared = 0;

  /** @param frugal see CompileOptions */
  constructor(
    private readonly backend: Backend,
    private readonly frugal = false,
  ) {}

  get(graph: Graph, constants?: Constants): Promise<Executable> {
    return this.acquire(this.keyOf(graph, constants), graph, constants);
  }

  lease(): Lease {
    return new Lease(this);
  }

  /** Equal keys share an executable. */
  keyOf(graph: Graph, constants?: Constants): string {
    return constants ? `weights built in: ${this.unshared++}` : structuralKey(graph);
  }

  /** The executable of a key, with one user more. */
  acquire(key: string, graph: Graph, constants?: Constants): Promise<Executable> {
    const kept = remember(this.kept, key, () => ({
      executable: this.backend.compile(graph, { ...constants, frugal: this.frugal }),
      users: 0,
    }));
    kept.users++;
    return kept.executable;
  }

  /** The executable of a key has one user less. Without any it is released. */
  async giveBack(key: string): Promise<void> {
    const kept = this.kept.get(key);
    if (!kept || --kept.users > 0) return;
    this.kept.delete(key);
    await (await kept.executable).release();
  }

  get count(): number {
    return this.kept.size;
  }

  async release(): Promise<void> {
    for (const { executable } of this.kept.values()) await (await executable).release();
    this.kept.clear();
  }
}

/** The executables that one plan uses. */
export class Lease implements Compiler {
  private readonly held = new Map<string, Promise<Executable>>();

  constructor(private readonly executables: Executables) {}

  get(graph: Graph, constants?: Constants): Promise<Executable> {
    const key = this.executables.keyOf(graph, constants);
    return remember(this.held, key, () => this.executables.acquire(key, graph, constants));
  }

  async release(): Promise<void> {
    for (const key of this.held.keys()) await this.executables.giveBack(key);
    this.held.clear();
  }
}
