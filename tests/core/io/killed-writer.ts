/** Writes checkpoints one after another until it is killed; started by `atomic-write.test.ts`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../../../core/io/atomic-write.js';

const [, , root] = process.argv;
for (let step = 1; ; step++) {
  await writeFolderAtomic(join(root, `checkpoint-${step}`), async (folder) => {
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, name), Buffer.alloc(100_000, step));
  });
  process.stdout.write(`${step}\n`);
}
