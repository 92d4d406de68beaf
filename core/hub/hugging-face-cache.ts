/**
 * The cache that Hugging Face's own tools keep, so that downloads are shared with them:
 * `models--owner--name/{blobs/<hash>, snapshots/<commit>/<path> -> blob, refs/<revision>}`.
 * https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
import { copyFile, readFile, rm, stat, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { SnapshotRequest } from '../contracts/hub.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { errnoOf } from '../io/files.js';
import { checkPath, remoteFile, type RemoteFile } from './remote-repository.js';
import { makeFolder } from '../io/make-folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** HF_HUB_CACHE, else `hub` within HF_HOME, else `~/.cache/huggingface/hub`. */
export function cacheFolder(env: Environment): string {
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  return env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, 'hub');
}

const COMMIT = /^[0-9a-f]{40}$/;

/** One repository's part of the cache. */
export class RepositoryCache {
  readonly folder: string;

  constructor(
    root: string,
    private readonly request: SnapshotRequest,
  ) {
    this.folder = join(root, [`${request.type}s`, ...request.repo.split('/')].join('--'));
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  /** Named by content, as Hugging Face's tools do: SHA-256 of large files, Git's id of small ones. */
  blob({ sha256, gitOid, path }: RemoteFile): string {
    return join(this.folder, 'blobs', sha256 ?? gitOid ?? Buffer.from(path).toString('hex'));
  }

  /** The commit of the asked revision as last seen, when the cache holds a snapshot of it. */
  async cachedCommit(): Promise<string | undefined> {
    const revision = this.request.revision ?? 'main';
    const named = COMMIT.test(revision) ? revision : await readText(this.refFile(revision));
    const commit = named?.trim();
    if (commit === undefined || !COMMIT.test(commit)) return undefined;
    return (await exists(this.snapshot(commit))) ? commit : undefined;
  }

  /** Remembers what a branch or tag stands for. */
  async writeRef(commit: string): Promise<void> {
    const revision = this.request.revision ?? 'main';
    if (revision !== commit) await writeFileAtomic(this.refFile(revision), commit);
  }

  /** The file list of a commit, kept so that an offline run knows whether its snapshot is whole. */
  async listing(commit: string): Promise<RemoteFile[] | undefined> {
    return COMMIT.test(commit) ? parseListing(await readText(this.listingFile(commit))) : undefined;
  }

  async writeListing(commit: string, files: readonly RemoteFile[]): Promise<void> {
    await writeFileAtomic(this.listingFile(commit), JSON.stringify(files));
  }

  async forgetListing(commit: string): Promise<void> {
    await rm(this.listingFile(commit), { force: true });
  }

  private refFile(revision: string): string {
    return join(this.folder, 'refs', checkPath(revision));
  }

  private listingFile(commit: string): string {
    return join(this.folder, '.listings', `${commit}.json`);
  }

  /** Whether a file of the snapshot is there with its full length. */
  async has(commit: string, { path, bytes }: RemoteFile): Promise<boolean> {
    return (await sizeOf(join(this.snapshot(commit), path))) === bytes;
  }

  async hasBlob(file: RemoteFile): Promise<boolean> {
    return (await sizeOf(this.blob(file))) === file.bytes;
  }

  /** Puts a blob into the snapshot: by a relative link, or a copy where links are not allowed. */
  async link(commit: string, file: RemoteFile): Promise<void> {
    const at = join(this.snapshot(commit), file.path);
    const blob = this.blob(file);
    makeFolder(dirname(at));
    try {
      await symlink(relative(dirname(at), blob), at);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return;
      await copyFile(blob, at);
    }
  }
}

/** The files of a kept listing; undefined when it is damaged, so that the hub is asked again. */
function parseListing(text: string | undefined): RemoteFile[] | undefined {
  try {
    const files: unknown = JSON.parse(text ?? '');
    return Array.isArray(files) ? files.map((file) => remoteFile(Object(file) as object)) : undefined;
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== undefined;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
