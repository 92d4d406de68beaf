import { TfjsBackend } from '../../plugins/backends/tfjs/index.js';
import { peersFolder } from '../../tests/extras/peers.js';

/** A backend on one variant of TensorFlow.js; the environment is read when it starts. */
export async function startTfjs(variant: 'wasm' | 'cpu'): Promise<TfjsBackend> {
  process.env.SWIFT_PEERS = peersFolder;
  process.env.SWIFT_TFJS = variant;
  const backend = new TfjsBackend();
  await backend.describe();
  return backend;
}
