/** WebAssembly as this project uses it: modules from text, memories that never grow. */

/** What is used of WebAssembly; Node's types do not describe it. */
interface WebAssemblyLike {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const PAGE = 2 ** 16;

const wasm = (globalThis as { WebAssembly?: WebAssemblyLike }).WebAssembly;

/** A module of loops, compiled when first asked for; null where WebAssembly or its SIMD is missing. */
export function lazyModule(base64: string): () => object | null {
  let compiled: object | null | undefined;
  return () => {
    if (compiled !== undefined) return compiled;
    try {
      compiled = new wasm!.Module(new Uint8Array([...atob(base64)].map((char) => char.charCodeAt(0))));
    } catch {
      compiled = null;
    }
    return compiled;
  };
}

/** The module's loops in a memory of their own, which never grows, since growing would detach every array in it. */
export function openLoops<Loops>(module: object, bytes: number): { buffer: ArrayBuffer; loops: Loops } {
  const pages = Math.ceil(bytes / PAGE);
  const memory = new wasm!.Memory({ initial: pages, maximum: pages });
  const { exports } = new wasm!.Instance(module, { swift: { memory } });
  return { buffer: memory.buffer, loops: exports as Loops };
}
