import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../contracts/log.js';
import { RemoteEngine } from './remote-engine.js';

/**
 * The engine (model, backend, training) in a thread of its own, since a native kernel stops the event loop of the
 * thread that called it. The thread inherits Node's own options, so it loads sources where this one does.
 */
export class EngineThread extends RemoteEngine {
  constructor(log: Log) {
    const worker = new Worker(new URL(`./entry${extname(import.meta.url)}`, import.meta.url));
    super(log, {
      post: (message) => worker.postMessage(message),
      listen({ message, error, exit }) {
        worker.on('message', message);
        worker.on('error', error);
        worker.once('exit', (code) => exit(`with exit code ${code}`));
      },
    });
  }
}
