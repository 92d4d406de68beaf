/** A hub on this machine that speaks Hugging Face's and ModelScope's HTTP, for tests and offline demonstrations. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Serving } from './exchange.js';
import { answerHuggingFace } from './hugging-face.js';
import { answerModelScope } from './model-scope.js';
import { RepositoryShelf } from './repository.js';
import { sendError, type Cutter } from './send.js';

export interface HubOptions {
  /** Holds `models/<owner>/<name>/...` and `datasets/<owner>/<name>/...`; revision `x` is `<name>@x`. */
  readonly root: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly range?: string;
  readonly authorization?: string;
}

export interface LocalHub {
  /** For HF_ENDPOINT or MODELSCOPE_ENDPOINT. */
  readonly url: string;
  /** Every request so far; may be emptied. */
  readonly requests: SeenRequest[];
  /** From now on, each file transfer that `test` accepts breaks after `bytes`; undefined ends that. */
  cutAfter(bytes: number | undefined, test?: (path: string) => boolean): void;
  close(): Promise<void>;
}

/** Starts serving; rejects when the port is taken. */
export async function startHub({ root, port = 0 }: HubOptions): Promise<LocalHub> {
  const shelf = new RepositoryShelf(root);
  const requests: SeenRequest[] = [];
  let cutter: Cutter | undefined;
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    requests.push({ method, path: url, range: headers.range, authorization: headers.authorization });
    answer(request, response, { shelf, cutter }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    cutAfter(bytes, test = () => true) {
      cutter = bytes === undefined ? undefined : { bytes, test };
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const answered =
    (await answerModelScope(url, { request, response, serving })) ||
    (await answerHuggingFace(url, { request, response, serving }));
  if (!answered) sendError(response, 404, `no such address: ${url.pathname}`);
}
