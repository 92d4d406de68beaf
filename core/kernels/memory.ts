import { HOT_LOOPS_WASM } from './hot-loops-wasm.js';
import { lazyModule, openLoops } from './wasm.js';

/** The exports of hot-loops.wat. */
interface VectorLoops {
  adamw(vectors: number, ...addressesAndConstants: readonly number[]): void;
  accumulate(vectors: number, sum: number, values: number): void;
  scale(vectors: number, values: number, factor: number): void;
  sumOfSquares(vectors: number, values: number): number;
}

/** A WebAssembly memory with the loops that work in it. */
export interface VectorMemory {
  readonly loops: VectorLoops;
  /** Where values of other memories are brought for a moment. */
  readonly staging: Float32Array;
}

/** A 32-bit address space. */
const MOST_BYTES = 2 ** 32;
/** Vectors never straddle a cache line. */
const ALIGNMENT = 64;
/** Values; small enough to stay in the processor's nearest caches. */
const STAGING = 4096;
/** Bytes at the start of a memory: its staging. */
const RESERVED = STAGING * Float32Array.BYTES_PER_ELEMENT;

const loopsModule = lazyModule(HOT_LOOPS_WASM);

/** Whether the loops run in WebAssembly here; plain JavaScript gives the same bits, some ten times slower. */
export const hasVectorLoops = (): boolean => loopsModule() !== null;

const memories = new WeakMap<ArrayBufferLike, VectorMemory>();

/** The memory that all of the arrays lie in, if it has vector loops. */
export function memoryOf(arrays: readonly Float32Array[]): VectorMemory | undefined {
  const { buffer } = arrays[0];
  return arrays.every((array) => array.buffer === buffer) ? memories.get(buffer) : undefined;
}

/** Arrays that one loop takes together. */
export interface ArrayGroup {
  /** Values of each array. */
  readonly length: number;
  readonly count: number;
}

/**
 * Zeroed arrays, group by group. Those of a group lie in one memory with vector loops, several groups share one up to
 * its 4 GiB; a group beyond that, or a machine without vector loops, gets ordinary arrays.
 */
export function allocate(groups: readonly ArrayGroup[]): Float32Array[][] {
  const arrays: Float32Array[][] = groups.map(() => []);
  for (const { members, bytes } of shareMemories(groups)) {
    const buffer = openMemory(bytes);
    let at = RESERVED;
    for (const i of members) {
      const { length, count } = groups[i];
      for (let k = 0; k < count; k++) {
        arrays[i].push(buffer ? new Float32Array(buffer, at, length) : new Float32Array(length));
        at += span(length);
      }
    }
  }
  return arrays;
}

/** Which groups, by index, share a memory of how many bytes. */
function shareMemories(groups: readonly ArrayGroup[]): { members: number[]; bytes: number }[] {
  const memories: { members: number[]; bytes: number }[] = [];
  groups.forEach(({ length, count }, i) => {
    const size = count * span(length);
    const last = memories.at(-1);
    if (last && last.bytes + size <= MOST_BYTES) {
      last.members.push(i);
      last.bytes += size;
    } else {
      memories.push({ members: [i], bytes: RESERVED + size });
    }
  });
  return memories;
}

/** Bytes that an array takes with its padding. */
function span(length: number): number {
  return Math.ceil((length * Float32Array.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
}

/** A memory with the loops in it; none where they are missing or the memory would be too large. */
function openMemory(bytes: number): ArrayBuffer | undefined {
  const module = loopsModule();
  if (!module || bytes > MOST_BYTES) return undefined;
  const { buffer, loops } = openLoops<VectorLoops>(module, bytes);
  memories.set(buffer, { loops, staging: new Float32Array(buffer, 0, STAGING) });
  return buffer;
}
