/** From what the user typed, a path or a repository id, to a local path. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import type { Hub, SnapshotRequest } from '../contracts/hub.js';
import { SwiftError } from '../errors.js';

export interface ResolveOptions extends Omit<SnapshotRequest, 'repo'> {
  readonly hubs: Readonly<Record<HubName, Hub>>;
  /** Which hub an id without a prefix is looked up in: Hugging Face when true, else ModelScope. */
  readonly useHf: boolean;
}

export type HubName = 'hf' | 'ms';

export interface ResolvedSource {
  /** A file or folder on this machine. */
  readonly path: string;
  /** The repository it came from; absent for a local path. */
  readonly repo?: string;
}

/** Endings that only a file has; a repository's name may hold dots, as `Qwen2.5-7B` does. */
const FILE = /\.(jsonl?|ndjson|[ct]sv|parquet|txt|gguf|safetensors)(\.gz)?$/i;

const ID = /^[\w.-]+(\/[\w.-]+)?$/;

/**
 * A path that exists is taken as it is; anything else is `owner/name`, with `hf::` or `ms::` before it to choose the
 * hub.
 * @throws SwiftError FILE_NOT_FOUND for a path that is not there, BAD_ARGUMENT for what is neither, HUB_NOT_FOUND,
 *   HUB_UNREACHABLE, HUB_OFFLINE
 */
export async function resolveSource(
  source: string,
  { hubs, useHf, ...request }: ResolveOptions,
): Promise<ResolvedSource> {
  const [, prefix, id] = /^(?:(hf|ms)::)?(.*)$/is.exec(source) ?? [];
  const name = prefix?.toLowerCase() as HubName | undefined;
  if (name === undefined) {
    const path = resolve(source.replace(/^~(?=$|[/\\])/, homedir()));
    if (source !== '' && (await exists(path))) return { path };
    if (/^[.~]{1,2}([/\\]|$)/.test(source) || isAbsolute(source) || FILE.test(source)) {
      throw new SwiftError('FILE_NOT_FOUND', `There is no file or folder ${path}.`, {
        cure: 'Check the spelling; a relative path starts at the current folder.',
      });
    }
  }
  if (!ID.test(id)) {
    const message = `'${source}' is neither a file or folder on this machine nor a ${request.type} id.`;
    throw new SwiftError('BAD_ARGUMENT', message, { cure: "An id reads 'owner/name', a path './folder'." });
  }
  const hub = hubs[name ?? (useHf ? 'hf' : 'ms')];
  return { path: await hub.snapshot({ ...request, repo: id }), repo: id };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
