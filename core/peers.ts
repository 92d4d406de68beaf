import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** An optional package that is installed. */
export interface Peer {
  /** What it exports; of a CommonJS package, `module.exports`. */
  readonly exports: unknown;
  /** File that was loaded. */
  readonly path: string;
}

/**
 * Loads a package that this one does not depend on. It is looked up beside `from` (a file), beside this package,
 * in the working folder and in the folder that SWIFT_PEERS names, in this order.
 * @returns undefined when it is installed nowhere
 * @throws what the package throws when it is there but does not load
 */
export async function importPeer(name: string, from?: string): Promise<Peer | undefined> {
  const path = findPeer(name, from);
  if (path === undefined) return undefined;
  const namespace = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: unknown };
  return { exports: namespace.default ?? namespace, path };
}

/** File of a package that this one does not depend on; undefined when it is installed nowhere. */
export function findPeer(name: string, from?: string): string | undefined {
  const named = process.env.SWIFT_PEERS;
  const folders = [process.cwd(), ...(named ? [resolve(named)] : [])];
  const bases = [
    ...(from ? [from] : []),
    import.meta.url,
    ...folders.map((folder) => join(folder, 'peers.js')),
  ];
  for (const base of bases) {
    try {
      return createRequire(base).resolve(name);
    } catch {
      // Not there; the next place may have it.
    }
  }
  return undefined;
}
