/** A repository as the local hub serves it: a folder, with the hashes a real hub would announce. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export interface ServedFile {
  /** Inside the repository, with `/`. */
  readonly path: string;
  /** On this machine. */
  readonly location: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Git's object id. */
  readonly gitOid: string;
  /** Whether a real hub would keep it in large-file storage, and announce its SHA-256. */
  readonly large: boolean;
}

export interface Repository {
  /** 40 hexadecimal digits that change with any file. */
  readonly commit: string;
  readonly files: readonly ServedFile[];
}

export type RepositoryKind = 'models' | 'datasets';

const LARGE = /\.(safetensors|bin|pt|pth|gguf|parquet|zip|tar|gz|arrow|onnx|model)$/;
const LARGE_BYTES = 1 << 20;

/** Names of the default branch: Hugging Face's, ModelScope's, and Git's own for either. */
const DEFAULT_REVISIONS = new Set(['main', 'master', 'HEAD']);

/** Repositories below `root/models` and `root/datasets`. A revision `x` of `name` is the folder `name@x`. */
export class RepositoryShelf {
  private readonly hashes = new Map<string, { stamp: string; sha256: string; gitOid: string }>();

  constructor(private readonly root: string) {}

  /** Undefined when there is no such repository or revision. */
  async find(kind: RepositoryKind, name: string, revision: string): Promise<Repository | undefined> {
    if (name.split('/').some((part) => part === '..' || part === '')) return undefined;
    const folder = join(this.root, kind, name);
    if (DEFAULT_REVISIONS.has(revision)) return this.load(folder);
    if (/^[\w.-]+$/.test(revision)) {
      const tagged = await this.load(`${folder}@${revision}`);
      if (tagged) return tagged;
    }
    for (const candidate of await this.revisionsOf(folder)) {
      const repository = await this.load(candidate);
      if (repository?.commit === revision) return repository;
    }
    return undefined;
  }

  private async revisionsOf(folder: string): Promise<string[]> {
    const parent = join(folder, '..');
    const name = folder.slice(folder.lastIndexOf(sep) + 1);
    const entries = await readdir(parent).catch(() => []);
    return entries
      .filter((entry) => entry === name || entry.startsWith(`${name}@`))
      .map((entry) => join(parent, entry));
  }

  private async load(folder: string): Promise<Repository | undefined> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
    if (!entries) return undefined;
    const locations = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const files = await Promise.all(locations.map((location) => this.describe(folder, location)));
    const commit = createHash('sha1');
    for (const { path, sha256 } of files) commit.update(`${path} ${sha256}\n`);
    return { commit: commit.digest('hex'), files };
  }

  private async describe(folder: string, location: string): Promise<ServedFile> {
    const { size, mtimeMs } = await stat(location);
    const stamp = `${size} ${mtimeMs}`;
    let known = this.hashes.get(location);
    if (known?.stamp !== stamp) {
      const sha256 = createHash('sha256');
      const sha1 = createHash('sha1').update(`blob ${size}\0`);
      for await (const piece of createReadStream(location)) {
        sha256.update(piece as Uint8Array);
        sha1.update(piece as Uint8Array);
      }
      known = { stamp, sha256: sha256.digest('hex'), gitOid: sha1.digest('hex') };
      this.hashes.set(location, known);
    }
    const path = relative(folder, location).split(sep).join('/');
    const { sha256, gitOid } = known;
    return { path, location, bytes: size, sha256, gitOid, large: LARGE.test(path) || size > LARGE_BYTES };
  }
}

/** The folders that hold the files, for listings that show them. */
export function foldersOf(files: readonly ServedFile[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...folders].sort();
}
