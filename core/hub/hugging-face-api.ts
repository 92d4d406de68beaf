/** The one user of `@huggingface/hub`: what a repository is at a revision. */
import type { SnapshotRequest } from '../contracts/hub.js';
import type { Fetch } from './download.js';
import { HttpError } from './hub-errors.js';
import { checkCommit, MOST_FILES, remoteFile, type RemoteFile } from './remote-repository.js';

/** How to speak to a hub; `fetch` adds the user's token. */
export interface Access {
  readonly endpoint: string;
  readonly fetch: Fetch;
}

/** The commit a revision stands for. @throws HttpError, the network's own error */
export async function commitOf({ repo, type, revision }: SnapshotRequest, access: Access): Promise<string> {
  const { modelInfo, datasetInfo } = await import('@huggingface/hub');
  const { endpoint: hubUrl, fetch } = access;
  const question = {
    name: repo,
    revision: revision ?? 'main',
    hubUrl,
    fetch,
    additionalFields: ['sha' as const],
  };
  const { sha } = await asHttpError(
    type === 'model' ? modelInfo<'sha'>(question) : datasetInfo<'sha'>(question),
  );
  return checkCommit(sha);
}

/** All files of a commit. @throws HttpError, the network's own error */
export async function filesOf(
  { repo, type }: SnapshotRequest,
  commit: string,
  { endpoint: hubUrl, fetch }: Access,
): Promise<RemoteFile[]> {
  const { listFiles } = await import('@huggingface/hub');
  const files: RemoteFile[] = [];
  const listing = listFiles({ repo: { type, name: repo }, recursive: true, revision: commit, hubUrl, fetch });
  const collect = async () => {
    for await (const { type: kind, path, size, oid, lfs } of listing) {
      if (kind !== 'file') continue;
      files.push(remoteFile({ path, bytes: lfs?.size ?? size, sha256: lfs?.oid, gitOid: oid }));
      if (files.length > MOST_FILES) throw new Error(`the listing has more than ${MOST_FILES} files`);
    }
    return files;
  };
  return asHttpError(collect());
}

async function asHttpError<T>(answer: Promise<T>): Promise<T> {
  const { HubApiError } = await import('@huggingface/hub');
  return answer.catch((error: unknown) => {
    throw error instanceof HubApiError ? new HttpError(error.statusCode, error.url) : error;
  });
}
