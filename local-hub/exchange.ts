/** One request to the local hub, with what its answer is made from. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RepositoryShelf } from './repository.js';
import type { Cutter } from './send.js';

export interface Serving {
  readonly shelf: RepositoryShelf;
  readonly cutter?: Cutter;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly serving: Serving;
}
