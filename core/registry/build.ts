import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkManifest } from '../config/check-manifest.js';
import type { ModelMeta } from '../contracts/model-loader.js';
import { didYouMean, SwiftError } from '../errors.js';
import { allRegistrations, type Registration } from './collector.js';
import { KINDS, type KindRow } from './kinds.js';
import {
  MANIFEST_VERSION,
  packageName,
  type FamilyEntry,
  type Manifest,
  type ManifestEntry,
} from './manifest.js';

export interface BuildOptions {
  /** Package folder that module paths are relative to. */
  readonly root: string;
  /** Plugin modules, absolute. */
  readonly files: readonly string[];
  /** Whether module paths keep their extension; a package that runs from one form of its sources keeps it. */
  readonly keepExtension: boolean;
  /** Architectures that have a parity case. */
  readonly proven?: readonly string[];
  /** What errors call it; the name of the root's package when absent. */
  readonly name?: string;
}

/** Imports every plugin module in order and prints what its decorators registered as registry.json. */
export async function buildManifest(options: BuildOptions): Promise<string> {
  const { root, files, keepExtension, proven = [], name = packageName(root) ?? root } = options;
  const lines = new Map<string, string[]>();
  const families = new Map<string, ModelMeta>();
  for (const file of [...files].sort()) {
    const before = new Set(allRegistrations());
    await import(pathToFileURL(file).href);
    const path = relative(root, file).replaceAll('\\', '/');
    const module = keepExtension ? path : path.replace(/\.[jt]s$/, '');
    for (const registration of allRegistrations().filter((one) => !before.has(one))) {
      const { kind, id, meta } = registration;
      lines.set(kind, [...(lines.get(kind) ?? []), line(id, await toEntry(registration, module))]);
      if (kind === 'model') families.set((meta as ModelMeta).family, meta as ModelMeta);
    }
  }
  const kinds = [...lines]
    .sort()
    .map(([kind, entries]) => `    "${kind}": {\n      ${entries.sort().join(',\n      ')}\n    }`);
  const known = [...families.values()].map((meta) => line(meta.family, familyEntry(meta, families)));
  const text = [
    '{',
    `  "version": ${MANIFEST_VERSION},`,
    `  "plugins": {\n${kinds.join(',\n')}\n  },`,
    `  "architectures": ${section(servedBy('architectures', families))},`,
    `  "model_types": ${section(servedBy('model_types', families))},`,
    `  "gguf": ${section(servedBy('gguf', families))},`,
    `  "families": ${section(known)},`,
    `  "proven": ${JSON.stringify([...proven].sort())}`,
    '}\n',
  ].join('\n');
  checkManifest(name, JSON.parse(text) as Manifest);
  return text;
}

function line(name: string, value: unknown): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}

function section(lines: readonly string[]): string {
  return lines.length === 0 ? '{}' : `{\n    ${[...lines].sort().join(',\n    ')}\n  }`;
}

/** One line per value of a field of config.json, or of a GGUF file's architecture, with an id of the family that serves it. */
function servedBy(
  field: 'architectures' | 'model_types' | 'gguf',
  families: ReadonlyMap<string, ModelMeta>,
): readonly string[] {
  const owners = new Map<string, ModelMeta>();
  for (const meta of families.values()) {
    for (const name of namesOf(field, meta, families)) {
      const held = owners.get(name);
      if (held) throw servedTwice(field, name, [held.family, meta.family]);
      owners.set(name, meta);
    }
  }
  return [...owners].map(([name, { variants }]) => line(name, Object.keys(variants)[0]));
}

/** An architecture that several families share is `name:field` for those that a field of config.json tells. */
function namesOf(
  field: 'architectures' | 'model_types' | 'gguf',
  meta: ModelMeta,
  families: ReadonlyMap<string, ModelMeta>,
): readonly string[] {
  if (field === 'gguf') return Object.keys(meta.gguf ?? {});
  if (field === 'model_types') return meta.model_types ?? [];
  const { told_by, same_architecture_as: other = '' } = meta;
  const shared = told_by === undefined ? [] : (families.get(other)?.architectures ?? []);
  return [...meta.architectures, ...shared.map((name) => `${name}:${told_by}`)];
}

function servedTwice(
  field: 'architectures' | 'model_types' | 'gguf',
  name: string,
  [first, second]: readonly string[],
): SwiftError {
  return new SwiftError(
    'DUPLICATE_PLUGIN',
    `model families '${first}' and '${second}' both serve '${name}' (${field} of config.json)`,
    { cure: `Leave it to one; the other says same_architecture_as: '${first}' (or '${second}').` },
  );
}

function familyEntry(
  { family, architectures, media, same_architecture_as: other }: ModelMeta,
  families: ReadonlyMap<string, ModelMeta>,
): FamilyEntry {
  if (other === undefined) return { architectures, media };
  const served = families.get(other);
  if (served) return { architectures: [...architectures, ...served.architectures], media };
  throw new SwiftError('BAD_PLUGIN', `model family '${family}' is same_architecture_as '${other}': unknown`, {
    cure: [...didYouMean(other, families.keys()), 'Name a model family of the same package.'],
  });
}

/** One line of registry.json, as the kind's row has it. */
async function toEntry({ kind, id, meta, target }: Registration, module: string): Promise<ManifestEntry> {
  const { listed = [], more } = KINDS[kind] as unknown as KindRow<Record<string, unknown>, unknown>;
  const fields = Object.fromEntries(listed.map((name) => [name, meta[name as keyof typeof meta]]));
  const { summary } = meta;
  return {
    module,
    class: target.name,
    summary,
    ...fields,
    ...(await more?.(id, { ...meta }, target as never)),
  };
}

/**
 * Plugin modules below a folder of kinds (`models/llama.ts`, `tuners/lora/index.ts`): one level of files, and the
 * index of each subfolder. Names that begin with `_` are shared code.
 */
export function pluginFiles(folder: string, extension: '.ts' | '.js' = '.ts'): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((kind) => kind.isDirectory())
    .flatMap((kind) => {
      const inKind = readdirSync(join(folder, kind.name), { withFileTypes: true });
      return inKind
        .filter(({ name }) => !name.startsWith('_'))
        .flatMap((entry) => {
          if (entry.isDirectory()) return [join(folder, kind.name, entry.name, `index${extension}`)];
          const isModule = entry.name.endsWith(extension) && !entry.name.endsWith('.d.ts');
          return isModule ? [join(folder, kind.name, entry.name)] : [];
        });
    });
}
