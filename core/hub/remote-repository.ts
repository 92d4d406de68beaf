/** What a hub says about a repository, whichever hub it is. */

export interface RemoteFile {
  /** Inside the repository, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of the content, hexadecimal. */
  readonly sha256?: string;
  /** Git's object id of the content, hexadecimal: SHA-1 over a short header and the content. */
  readonly gitOid?: string;
}

/** @throws Error for a path that would leave its folder on some system; repositories are written by strangers */
export function checkPath(path: string): string {
  const parts = path.split(/[/\\]/);
  const outside = parts.includes('..') || /^[/\\]/.test(path) || parts.some((part) => /^[a-z]:/i.test(part));
  if (outside || path === '') throw new Error(`the repository names a file outside itself: '${path}'`);
  return path;
}
