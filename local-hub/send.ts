/** Answers of the local hub. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ServedFile } from './repository.js';

/** Breaks transfers, as a bad connection does. */
export interface Cutter {
  readonly bytes: number;
  readonly test: (path: string) => boolean;
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendError(response: ServerResponse, status: number, error: string, code?: string): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(code && { 'x-error-code': code }) });
  response.end(JSON.stringify({ error }));
}

/** A file, whole or the asked range of it (`bytes=a-` or `bytes=a-b`), to GET or HEAD. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { file, headers, cutter }: { file: ServedFile; headers: Record<string, string>; cutter?: Cutter },
): Promise<void> {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first ?? 0);
  const end = Math.min(last ? Number(last) : Infinity, file.bytes - 1);
  if (first !== undefined && start >= file.bytes) {
    response.writeHead(416, { 'content-range': `bytes */${file.bytes}` }).end();
    return;
  }
  response.writeHead(first === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': file.bytes === 0 ? 0 : end - start + 1,
    'accept-ranges': 'bytes',
    ...(first !== undefined && { 'content-range': `bytes ${start}-${end}/${file.bytes}` }),
    ...headers,
  });
  if (request.method === 'HEAD' || file.bytes === 0) {
    response.end();
    return;
  }
  if (cutter?.test(file.path) && end - start + 1 > cutter.bytes) {
    const part = Buffer.alloc(cutter.bytes);
    const handle = await open(file.location);
    await handle.read(part, 0, part.length, start).finally(() => handle.close());
    response.flushHeaders();
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
    response.destroy();
    return;
  }
  await pipeline(createReadStream(file.location, { start, end }), response);
}
