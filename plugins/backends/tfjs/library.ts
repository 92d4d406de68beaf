import { dirname, sep } from 'node:path';
import { createRequire } from 'node:module';
import { importPeer, SwiftError } from 'swift-ts/plugin';

/** What this backend uses of TensorFlow.js. Its packages are optional, so its types are not at hand. */
export interface Tf {
  readonly version_core: string;
  tensor(data: TfData, shape: readonly number[], dtype: TfDType): TfTensor;
  engine(): { runKernel: RunKernel };
  getKernel(name: string, backend: string): object | undefined;
  tidy<T extends TfTensor | readonly TfTensor[] | void>(body: () => T): T;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  backend(): { readonly isUsingGpuDevice?: boolean };
  enableProdMode(): void;
  memory(): { readonly numTensors: number };
}

type RunKernel = (
  name: string,
  inputs: Readonly<Record<string, TfTensor>> | readonly TfTensor[],
  attributes?: object,
) => TfTensor | readonly TfTensor[];

export type TfDType = 'float32' | 'int32' | 'bool';
export type TfData = Float32Array | Int32Array | Uint8Array;

export interface TfTensor {
  readonly shape: readonly number[];
  readonly dtype: TfDType;
  dataSync(): TfData;
  dispose(): void;
}

/** A loaded TensorFlow.js and how it came to be chosen. */
export interface Library {
  readonly tf: Tf;
  readonly variant: Variant;
  /** Name of its kernels' backend. */
  readonly backend: string;
  /** Why each better variant was not taken. */
  readonly passedOver: readonly string[];
}

/** Best first. */
export const VARIANTS = ['node-gpu', 'node', 'wasm', 'cpu'] as const;
export type Variant = (typeof VARIANTS)[number];

const INSTALL: Readonly<Record<Variant, string>> = {
  'node-gpu': 'npm install @tensorflow/tfjs-node-gpu',
  node: 'npm install @tensorflow/tfjs-node',
  wasm: 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu @tensorflow/tfjs-backend-wasm',
  cpu: 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu',
};

/**
 * Loads the best variant that is installed, or the one that SWIFT_TFJS names.
 * @throws SwiftError BACKEND_UNAVAILABLE
 */
export async function loadLibrary(forced = process.env.SWIFT_TFJS): Promise<Library> {
  if (forced && !isVariant(forced)) {
    throw new SwiftError('BACKEND_UNAVAILABLE', `SWIFT_TFJS=${forced} is none of ${VARIANTS.join(', ')}`, {
      cure: 'Unset SWIFT_TFJS to take the best that is installed.',
    });
  }
  const passedOver: string[] = [];
  for (const variant of forced ? [forced as Variant] : VARIANTS) {
    const loaded = await loadVariant(variant);
    if (typeof loaded !== 'string') return { ...loaded, variant, passedOver };
    passedOver.push(loaded);
  }
  throw new SwiftError('BACKEND_UNAVAILABLE', `backend tfjs: ${passedOver.join('; ')}`, {
    cure: `Install it: ${INSTALL[forced ? (forced as Variant) : 'wasm']}.`,
    exitCode: 1,
  });
}

function isVariant(text: string): boolean {
  return (VARIANTS as readonly string[]).includes(text);
}

/** The library, or why there is none. */
async function loadVariant(variant: Variant): Promise<{ tf: Tf; backend: string } | string> {
  const native = variant === 'node' || variant === 'node-gpu';
  const name = `@tensorflow/tfjs-${native ? variant : `backend-${variant}`}`;
  try {
    if (native) prepareForNative();
    const found = await importPeer(name);
    if (!found) return `${name} is not installed`;
    // Kernels register with the copy of tfjs-core that their package sees.
    const core = native ? found : await importPeer('@tensorflow/tfjs-core', found.path);
    if (!core) return `@tensorflow/tfjs-core, which ${name} needs, is not installed`;
    const tf = core.exports as Tf;
    // Production mode also keeps the library from writing advice to the console.
    tf.enableProdMode();
    if (variant === 'wasm') {
      const { setWasmPaths } = found.exports as { setWasmPaths(prefix: string): void };
      setWasmPaths(dirname(found.path) + sep);
    }
    const backend = native ? 'tensorflow' : variant;
    return (await tf.setBackend(backend)) ? { tf, backend } : `${name} does not start`;
  } catch (error) {
    return `${name} does not load: ${firstLine(error)}`;
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0];
}

/** tfjs-node 4.22 calls functions that Node 23 took out of `util`, and lets TensorFlow log to the console. */
function prepareForNative(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
