import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../contracts/log.js';
import { RemoteEngine } from './remote-engine.js';

/** The engine in a process of its own: what ends it leaves this one alive. It inherits Node's own options. */
export class EngineProcess extends RemoteEngine {
  constructor(log: Log) {
    const entry = fileURLToPath(new URL(`./entry${extname(import.meta.url)}`, import.meta.url));
    const child = fork(entry, { serialization: 'advanced' });
    super(log, {
      post: (message) => child.connected && child.send(message),
      listen({ message, error, exit }) {
        child.on('message', message);
        child.on('error', error);
        child.once('exit', (code, signal) =>
          exit(signal === null ? `with exit code ${code}` : `by the signal ${signal}`),
        );
      },
    });
  }
}
