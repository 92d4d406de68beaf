/** ModelScope's side of the local hub: file lists and files. */
import type { Exchange } from './exchange.js';
import { foldersOf, type Repository, type RepositoryKind, type ServedFile } from './repository.js';
import { sendFile, sendJson } from './send.js';

const ADDRESS = /^\/api\/v1\/(models|datasets)\/([^/]+\/[^/]+)\/repo(?:\/(files|tree))?$/;

/** Answers and gives true, or leaves alone what is not an address of ModelScope's. */
export async function answerModelScope(url: URL, { request, response, serving }: Exchange): Promise<boolean> {
  const match = ADDRESS.exec(url.pathname);
  if (!match) return false;
  const [, kind, name, action] = match;
  const revision = url.searchParams.get('Revision') ?? 'master';
  const repository = await serving.shelf.find(kind as RepositoryKind, name, revision);
  const path = url.searchParams.get('FilePath');
  const file = repository?.files.find((candidate) => candidate.path === path);
  if (!repository || (action === undefined && !file)) {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Code: 10010205001, Message: 'record not found', Success: false }));
  } else if (file) {
    await sendFile(request, response, { file, headers: {}, cutter: serving.cutter });
  } else {
    const all = listing(repository, url.searchParams.get('Recursive')?.toLowerCase() === 'true');
    const size = kind === 'datasets' ? Number(url.searchParams.get('PageSize') ?? 100) : all.length;
    const page = kind === 'datasets' ? Number(url.searchParams.get('PageNumber') ?? 1) : 1;
    const Files = all.slice((page - 1) * size, page * size);
    sendJson(response, {
      Code: 200,
      Success: true,
      Message: 'success',
      Data: { Files, TotalCount: all.length },
    });
  }
  return true;
}

function listing({ files, commit }: Repository, recursive: boolean): { Path: string }[] {
  const shown = (path: string) => recursive || !path.includes('/');
  const folders = foldersOf(files).map((path) => ({ Path: path, Name: nameOf(path), Type: 'tree', Size: 0 }));
  const blobs = files.map(({ path, bytes, sha256 }: ServedFile) => ({
    Path: path,
    Name: nameOf(path),
    Type: 'blob',
    Size: bytes,
    Sha256: sha256,
    Revision: commit,
  }));
  return [...folders, ...blobs].filter(({ Path }) => shown(Path));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
