/** Plugins that `--plugins` names by file or by a folder of files: no registry.json tells what they are, so they are imported. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { register } from 'node:module';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSwiftError, SwiftError } from '../errors.js';
import { findPeer } from '../peers.js';
import { buildManifest, pluginFiles } from './build.js';
import { holdLoose, isPackage, looseSource, type Manifest } from './manifest.js';
import type { HookData } from './plugin-hooks.js';

const MODULE = /(?<!\.d)\.m?[jt]s$/;

/**
 * Imports those of the named plugins that are files or folders of files; `Catalog.discover` knows them from then on.
 *
 * @param folder that names are relative to
 * @throws SwiftError BAD_PLUGIN for one that does not load or registers nothing
 */
export async function loadLoosePlugins(
  names: readonly string[],
  folder: string = process.cwd(),
): Promise<void> {
  for (const name of names) {
    const at = resolve(folder, name);
    if (isPackage(name, folder) || !existsSync(at) || looseSource(name, folder)) continue;
    const files = modulesOf(at);
    if (files.length === 0) {
      throw new SwiftError('BAD_PLUGIN', `--plugins ${name}: there is no module`, {
        cure: 'Give a file (.ts, .mts, .js, .mjs), a folder of such files, or a package.',
      });
    }
    hook(name, files);
    const root = statSync(at).isFile() ? dirname(at) : at;
    const manifest = await manifestOf(name, root, files);
    const moduleUrl = ({ module }: { module: string }): string => pathToFileURL(join(root, module)).href;
    holdLoose(at, { name, manifest, moduleUrl });
  }
}

/** A file; the modules of a folder, and those of its folders of kinds (`models/…`). Names that begin with `_` are shared code. */
function modulesOf(at: string): string[] {
  if (statSync(at).isFile()) return MODULE.test(at) ? [at] : [];
  const entries = readdirSync(at, { withFileTypes: true });
  const own = entries.filter((entry) => entry.isFile() && MODULE.test(entry.name));
  const isPlugin = (path: string): boolean =>
    existsSync(path) && !basename(path).startsWith('_') && !/\.test\.|\.config\./.test(basename(path));
  const inKinds = (['.ts', '.js'] as const).flatMap((extension) => pluginFiles(at, extension));
  const found = inKinds.filter((path) => !relative(at, path).startsWith('node_modules'));
  return [...own.map((entry) => join(at, entry.name)), ...found].filter(isPlugin);
}

async function manifestOf(name: string, root: string, files: readonly string[]): Promise<Manifest> {
  let text: string;
  // A file that ends the process, or waits for what never comes, would end the command as if all was well.
  const ended = (): void => {
    process.stderr.write(`error [BAD_PLUGIN]: --plugins ${name} ends the process while it loads\n`);
    process.exitCode = 2;
  };
  process.once('exit', ended);
  try {
    text = await buildManifest({ root, files, keepExtension: true, name });
  } catch (cause) {
    if (isSwiftError(cause)) throw cause;
    const fault = cause instanceof Error ? cause.message : String(cause);
    throw new SwiftError('BAD_PLUGIN', `--plugins ${name} does not load: ${fault}`, {
      cure: 'Mend it: swift-ts/plugin, swift-ts/nn and swift-ts/graph are there by themselves, other packages beside it.',
      cause,
    });
  } finally {
    process.off('exit', ended);
  }
  const manifest = JSON.parse(text) as Manifest;
  if (Object.keys(manifest.plugins).length > 0) return manifest;
  throw new SwiftError('BAD_PLUGIN', `--plugins ${name} registers no plugin`, {
    cure: 'A plugin is a class with the decorator of its kind: @model, @dataset, @tuner …',
  });
}

let hooked = false;

/** Lets the files import this package and, where they are TypeScript, lets Node run them. */
function hook(name: string, files: readonly string[]): void {
  const typescript = findPeer('typescript', files[0]);
  if (typescript === undefined && files.some((file) => /\.m?ts$/.test(file))) {
    throw new SwiftError('BAD_PLUGIN', `--plugins ${name} is TypeScript, and no compiler is installed`, {
      cure: 'Install it where you work: npm install typescript. Or give JavaScript.',
    });
  }
  if (hooked) return;
  hooked = true;
  const root = new URL('../../', import.meta.url).href;
  const extension = extname(import.meta.url);
  const part = (path: string): string => new URL(`core/${path}${extension}`, root).href;
  const own = {
    'swift-ts': part('sdk/index'),
    'swift-ts/plugin': part('plugin'),
    'swift-ts/nn': part('nn/index'),
    'swift-ts/graph': part('graph/index'),
    'swift-ts/gguf': part('io/gguf/entry'),
    'swift-ts/testing': part('testing/index'),
  };
  const data: HookData = { root, own, typescript };
  register(`./plugin-hooks${extension}`, import.meta.url, { data });
}
