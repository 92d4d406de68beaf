import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The path or address in a line of a terminal: one that was dragged into its window comes in quotes, or with a backslash before
 * each blank, and people write `~` for their own folder, which no shell has replaced here.
 */
export function pastedPath(line: string): string {
  const text = line.trim();
  const quoted = /^(['"])(.+)\1$/.exec(text)?.[2];
  const path =
    quoted?.replaceAll(String.raw`'\''`, "'") ??
    (process.platform === 'win32' ? text : text.replaceAll(/\\(.)/g, '$1'));
  return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}
