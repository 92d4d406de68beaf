import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Writes a generated page, or with `--check` compares it and fails when it differs. */
export function writeOrCheck(path: string, text: string): void {
  const file = join(root, path);
  if (process.argv.includes('--check')) {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return console.log(`${path} is current`);
    console.error(`${path} is stale. Run: npm run docs`);
    process.exitCode = 1;
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}

/** The same for a folder that holds generated pages only: one that is generated no longer is removed. */
export function writeOrCheckFolder(folder: string, pages: ReadonlyMap<string, string>): void {
  for (const [name, text] of pages) writeOrCheck(join(folder, name), text);
  for (const name of readdirSync(join(root, folder)).filter((found) => !pages.has(found))) {
    if (process.argv.includes('--check')) {
      console.error(`${folder}/${name} is generated no longer. Run: npm run docs`);
      process.exitCode = 1;
    } else {
      rmSync(join(root, folder, name));
    }
  }
}
