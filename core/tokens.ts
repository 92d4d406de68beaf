import type { Backend } from './contracts/backend.js';
import type { Hub } from './contracts/hub.js';
import type { Log } from './contracts/log.js';

/** Names a service; the type parameter is what the container answers. */
export interface Token<T> {
  readonly key: symbol;
  /** Only for the type checker. */
  readonly type?: T;
}

/** Two copies of this package agree on a token: the key is in the global symbol registry. */
function token<T>(name: string): Token<T> {
  return { key: Symbol.for(`swift-ts.${name}`) };
}

export const HUB = token<Hub>('Hub');
export const BACKEND = token<Backend>('Backend');
export const LOG = token<Log>('Log');
