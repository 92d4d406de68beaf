/**
 * What a hub says about a repository, whichever hub it is. Repositories and their mirrors are run by strangers: whatever
 * becomes a path here has been held against its grammar first.
 */

export interface RemoteFile {
  /** Inside the repository, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of the content, hexadecimal. */
  readonly sha256?: string;
  /** Git's object id of the content, hexadecimal: SHA-1 over a short header and the content. */
  readonly gitOid?: string;
}

/** More files than any repository has; a listing that goes on is none. */
export const MOST_FILES = 1_000_000;

const SHA256 = /^[0-9a-f]{64}$/;
const SHA1 = /^[0-9a-f]{40}$/;

/** A file of a listing. @throws Error naming what of it cannot be */
export function remoteFile({
  path,
  bytes,
  sha256,
  gitOid,
}: Partial<Record<keyof RemoteFile, unknown>>): RemoteFile {
  if (typeof path !== 'string') throw new Error('the listing has a file without a path');
  const fault = (what: string, value: unknown): Error =>
    new Error(`the listing gives '${path}' the ${what} ${JSON.stringify(value)}`);
  if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) throw fault('size', bytes);
  return {
    path: checkPath(path),
    bytes: bytes as number,
    sha256: hash('sha256', sha256, SHA256),
    gitOid: hash('git id', gitOid, SHA1),
  };

  function hash(what: string, value: unknown, grammar: RegExp): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && grammar.test(value)) return value;
    throw fault(what, value);
  }
}

/** A commit's id. @throws Error for anything else */
export function checkCommit(commit: unknown): string {
  if (typeof commit === 'string' && SHA1.test(commit)) return commit;
  throw new Error(`the hub names the commit ${JSON.stringify(commit)}`);
}

/** @throws Error for a path that would leave its folder on some system */
export function checkPath(path: string): string {
  const parts = path.split(/[/\\]/);
  const outside = parts.includes('..') || /^[/\\]/.test(path) || parts.some((part) => /^[a-z]:/i.test(part));
  if (outside || path === '') throw new Error(`the repository names a file outside itself: '${path}'`);
  if (path.includes('\0')) throw new Error(`the repository names a file '${path.replaceAll('\0', '\\0')}'`);
  return path;
}
