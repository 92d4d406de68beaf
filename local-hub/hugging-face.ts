/** Hugging Face's side of the local hub. https://huggingface.co/docs/hub/api */
import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.js';
import { foldersOf, type Repository, type RepositoryKind, type ServedFile } from './repository.js';
import { sendError, sendFile, sendJson } from './send.js';

const API =
  /^\/api\/(models|datasets)\/([^/]+(?:\/[^/]+)??)(?:\/(revision|tree|paths-info)\/([^/]+)(?:\/(.*))?)?$/;
const RESOLVE = /^\/(datasets\/)?([^/]+(?:\/[^/]+)?)\/(?:resolve|raw)\/([^/]+)\/(.+)$/;

/** Answers and gives true, or leaves alone what is not an address of Hugging Face's. */
export async function answerHuggingFace(url: URL, exchange: Exchange): Promise<boolean> {
  const api = API.exec(url.pathname);
  if (api) {
    const [, kind, name, action = 'revision', revision = 'main', folder = ''] = api.map(
      (part) => part && decodeURIComponent(part),
    );
    const repository = await find(exchange, { kind: kind as RepositoryKind, name, revision });
    if (repository) await answerApi(exchange, { action, name, repository, folder, url });
    return true;
  }
  const resolve = RESOLVE.exec(url.pathname);
  if (!resolve) return false;
  const [, datasets, name, revision, path] = resolve.map((part) => part && decodeURIComponent(part));
  const kind = datasets ? 'datasets' : 'models';
  const repository = await find(exchange, { kind, name, revision });
  if (repository) await answerResolve(exchange, repository, path);
  return true;
}

async function find(
  { response, serving }: Exchange,
  { kind, name, revision }: { kind: RepositoryKind; name: string; revision: string },
): Promise<Repository | undefined> {
  const repository = await serving.shelf.find(kind, name, revision);
  if (repository) return repository;
  if (await serving.shelf.find(kind, name, 'main')) {
    sendError(response, 404, `Invalid rev id: ${revision}`, 'RevisionNotFound');
  } else sendError(response, 404, 'Repository not found', 'RepoNotFound');
  return undefined;
}

interface Question {
  readonly action: string;
  readonly name: string;
  readonly repository: Repository;
  readonly folder: string;
  readonly url: URL;
}

async function answerApi({ request, response }: Exchange, question: Question): Promise<void> {
  const { action, name, repository, folder, url } = question;
  if (action === 'tree') {
    const recursive = ['true', '1', 'True'].includes(url.searchParams.get('recursive') ?? '');
    sendJson(response, treeOf(repository, folder, recursive));
  } else if (action === 'paths-info') {
    const paths = await askedPaths(request);
    sendJson(
      response,
      treeOf(repository, '', true).filter(({ path }) => paths.includes(path)),
    );
  } else {
    const { commit, files } = repository;
    sendJson(response, {
      _id: commit.slice(0, 24),
      id: name,
      sha: commit,
      private: false,
      gated: false,
      disabled: false,
      downloads: 0,
      likes: 0,
      tags: [],
      lastModified: '2024-01-01T00:00:00.000Z',
      siblings: files.map(({ path }) => ({ rfilename: path })),
    });
  }
}

/** Paths of a form or JSON body. */
async function askedPaths(request: IncomingMessage): Promise<string[]> {
  let body = '';
  for await (const piece of request) body += String(piece);
  if (!request.headers['content-type']?.includes('json')) return new URLSearchParams(body).getAll('paths');
  const { paths } = JSON.parse(body) as { paths: string | string[] };
  return [paths].flat();
}

function treeOf({ files }: Repository, folder: string, recursive: boolean): { path: string }[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const within = (path: string) =>
    path.startsWith(prefix) && (recursive || !path.slice(prefix.length).includes('/'));
  return [
    ...foldersOf(files)
      .filter(within)
      .map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
    ...files.filter(({ path }) => within(path)).map(entryOf),
  ];
}

function entryOf({ path, bytes, gitOid, sha256, large }: ServedFile) {
  const lfs = large ? { lfs: { oid: sha256, size: bytes, pointerSize: 134 } } : {};
  return { type: 'file', oid: gitOid, size: bytes, path, ...lfs };
}

async function answerResolve(exchange: Exchange, { commit, files }: Repository, path: string): Promise<void> {
  const { request, response, serving } = exchange;
  const file = files.find((candidate) => candidate.path === path);
  if (!file) {
    sendError(response, 404, 'Entry not found', 'EntryNotFound');
    return;
  }
  const etag = `"${file.large ? file.sha256 : file.gitOid}"`;
  const linked: Record<string, string> = file.large
    ? { 'x-linked-etag': etag, 'x-linked-size': String(file.bytes) }
    : {};
  const headers = { etag, 'x-repo-commit': commit, ...linked };
  await sendFile(request, response, { file, headers, cutter: serving.cutter });
}
