import { counted } from '../counted.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SwiftError } from '../errors.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { noArguments } from './no-arguments.js';
import { buildManifest, pluginFiles } from '../registry/build.js';

/** `swift registry`: writes registry.json of the plugin package in the working folder, from `dist/plugins`. */
export async function run(argv: readonly string[]): Promise<void> {
  noArguments('registry', argv);
  const root = process.cwd();
  const plugins = join(root, 'dist', 'plugins');
  if (!existsSync(plugins)) {
    throw new SwiftError('FILE_NOT_FOUND', `${plugins} does not exist`, {
      cure: 'Run it in a plugin package that is built: modules at dist/plugins/<kind>s/<name>.js.',
    });
  }
  const files = pluginFiles(plugins, '.js');
  const text = await buildManifest({ root, files, keepExtension: true });
  await writeFileAtomic(join(root, 'registry.json'), text);
  process.stdout.write(`registry.json: ${counted(files.length, 'module')}\n`);
}
