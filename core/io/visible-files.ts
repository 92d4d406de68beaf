/** The files of a folder, but for hidden ones and those in hidden folders, which are not looked into. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Sorted by code points. */
export async function visibleFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) files.push(...(await visibleFiles(path)));
    else files.push(path);
  }
  return files.sort();
}
