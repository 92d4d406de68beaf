/** What tells the code that turns rows into samples from another version of it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OWN_TEMPLATE } from '../../model/choose-template.js';
import type { PluginKind } from '../../registry/kinds.js';
import type { Plugins } from '../../registry/plugins.js';
import type { EncoderDescription } from './description.js';

/** Of this package. */
const FOLDERS = [
  ...['core/agent', 'core/template', 'core/tokenizer', 'core/data'],
  ...['plugins/agents', 'plugins/templates', 'plugins/trainers'],
];
const LIBRARIES = ['@huggingface/tokenizers', '@huggingface/jinja'];
const CODE = /(?<!\.d)\.[cm]?[jt]s$/;

/**
 * SHA-256 over the code of this package, its libraries and the packages of plugins that take part. Undefined where a plugin
 * is a loose file: nobody knows what it imports.
 */
export function codeIdentity(
  { template, agent, trainer }: EncoderDescription,
  { catalog }: Plugins,
): string | undefined {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const files = FOLDERS.flatMap((folder) => codeIn(join(root, folder)));
  files.push(...LIBRARIES.map((name) => fileURLToPath(import.meta.resolve(name))));
  const asked: (readonly [PluginKind, string])[] = template === OWN_TEMPLATE ? [] : [['template', template]];
  if (agent !== undefined) asked.push(['agent', agent]);
  if (trainer) asked.push(['trainer', trainer.id]);
  for (const [kind, id] of asked) {
    const entry = catalog.find(kind, id);
    if (entry.source.name === 'swift-ts') continue;
    const folder = packageOf(fileURLToPath(entry.source.moduleUrl(entry)), entry.source.name);
    if (folder === undefined) return undefined;
    files.push(...codeIn(folder));
  }
  const hash = createHash('sha256');
  const { v8, unicode, icu } = process.versions;
  hash.update(`${v8} ${unicode} ${icu}\n`);
  for (const file of files) hash.update(createHash('sha256').update(readFileSync(file)).digest());
  return hash.digest('hex');
}

function codeIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(folder.length).includes('node_modules'))
    .sort();
}

/** The folder of the package of this name that a module lies in. */
function packageOf(module: string, name: string): string | undefined {
  for (let at = dirname(module); dirname(at) !== at; at = dirname(at)) {
    const path = join(at, 'package.json');
    if (!existsSync(path)) continue;
    const described = JSON.parse(readFileSync(path, 'utf8')) as { readonly name?: unknown };
    return described.name === name ? at : undefined;
  }
  return undefined;
}
