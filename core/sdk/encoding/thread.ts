/** A thread that encodes rows. */
import { parentPort, workerData } from 'node:worker_threads';
import { faultOf, packRows } from '../../data/packed-rows.js';
import { asTheyWere } from '../../data/portable-rows.js';
import { rebuildEncoder, type EncoderDescription } from './description.js';
import type { FromEncoder, ToEncoder } from './messages.js';

const port = parentPort!;
const post = (message: FromEncoder, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

// What is to be said of plugins and templates was said when the thread that trains made its own.
let isMade = false;
const made = rebuildEncoder(workerData as EncoderDescription, {
  info: () => undefined,
  warn: (message) => isMade && post({ kind: 'warning', message }),
});
made.then(
  () => {
    isMade = true;
    post({ kind: 'ready' });
  },
  // Told with the first rows.
  () => post({ kind: 'ready' }),
);

port.on('message', (message: ToEncoder) => void encode(message));

async function encode({ id, rows: copies }: ToEncoder): Promise<void> {
  try {
    const rows = asTheyWere(copies);
    const { encoder, seen } = await made;
    await seen?.open(rows);
    const packed = packRows(encoder.outcomes(rows));
    const { ids, labels, scales } = packed;
    post(
      { kind: 'packed', id, packed },
      [ids, labels, scales].map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    post({ kind: 'failed', id, fault: faultOf(error) });
  }
}
