import type { Compiler, Executables, Lease } from './executables.js';

/**
 * Plans kept at once: the row lengths up to 512 tokens (core/train/micro-batches.ts) and one longer. Every executable
 * holds on to as much memory as its largest run took.
 */
const MOST_PLANS = 8;

/** Compiled plans by batch shape. The one used longest ago makes room, and releases what no other plan uses. */
export class Plans<T> {
  /** Least recently used first. */
  private readonly held = new Map<string, { readonly plan: Promise<T>; readonly lease: Lease }>();

  /** @param most plans that are kept */
  constructor(
    private readonly executables: Executables,
    private readonly most = MOST_PLANS,
  ) {}

  async get(key: string, compile: (compiler: Compiler) => Promise<T>): Promise<T> {
    const found = this.held.get(key) ?? this.start(compile);
    this.held.delete(key);
    this.held.set(key, found);
    if (this.held.size > this.most) {
      const [[oldest, { lease }]] = this.held;
      this.held.delete(oldest);
      await lease.release();
    }
    return found.plan;
  }

  private start(compile: (compiler: Compiler) => Promise<T>): { plan: Promise<T>; lease: Lease } {
    const lease = this.executables.lease();
    return { plan: compile(lease), lease };
  }
}
