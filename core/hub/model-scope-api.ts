/** ModelScope's HTTP interface: file lists and file addresses. */
import { z } from 'zod';
import type { SnapshotRequest } from '../contracts/hub.js';
import type { Fetch } from './download.js';
import { HttpError } from './hub-errors.js';
import { MOST_FILES, remoteFile, type RemoteFile } from './remote-repository.js';

const listingSchema = z.object({
  Data: z.object({
    Files: z
      .array(
        z.object({
          Path: z.string(),
          Type: z.string(),
          Size: z.number().nonnegative().default(0),
          Sha256: z.string().nullish(),
        }),
      )
      .nullable(),
  }),
});

/** Datasets answer in pages of this size. */
const PAGE = 200;

export const DEFAULT_REVISION = 'master';

/** All files of a repository. @throws HttpError, the network's own error */
export async function listModelScope(
  request: SnapshotRequest,
  endpoint: string,
  fetch: Fetch,
): Promise<RemoteFile[]> {
  const files: RemoteFile[] = [];
  for (let page = 1; ; page++) {
    const url = listingUrl(request, endpoint, page);
    const response = await fetch(url);
    if (!response.ok) throw new HttpError(response.status, url);
    const { Data } = listingSchema.parse(await response.json());
    const entries = Data.Files ?? [];
    for (const { Path, Type, Size, Sha256 } of entries) {
      if (Type === 'tree') continue;
      files.push(remoteFile({ path: Path, bytes: Size, sha256: Sha256 || undefined }));
    }
    if (request.type === 'model' || entries.length < PAGE) return files;
    if (files.length > MOST_FILES) throw new Error(`the listing has more than ${MOST_FILES} files`);
  }
}

/** Models list under `repo/files` at once, datasets under `repo/tree` in pages. */
function listingUrl(
  { repo, type, revision = DEFAULT_REVISION }: SnapshotRequest,
  endpoint: string,
  page: number,
): string {
  const query = new URLSearchParams({ Revision: revision, Recursive: 'true' });
  if (type === 'model') return `${endpoint}/api/v1/models/${repo}/repo/files?${query}`;
  query.set('Root', '/');
  query.set('PageNumber', String(page));
  query.set('PageSize', String(PAGE));
  return `${endpoint}/api/v1/datasets/${repo}/repo/tree?${query}`;
}

/** Where a file's content is. */
export function modelScopeFileUrl(
  { repo, type, revision = DEFAULT_REVISION }: SnapshotRequest,
  endpoint: string,
  path: string,
): string {
  const query = new URLSearchParams({ Revision: revision, FilePath: path });
  return `${endpoint}/api/v1/${type}s/${repo}/repo?${query}`;
}
