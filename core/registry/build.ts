import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelMeta, ModelVariant } from '../contracts/model-loader.js';
import type { Template, TemplateMeta } from '../contracts/template.js';
import type { TunerMeta } from '../contracts/tuner.js';
import type { Class } from '../di.js';
import { fingerprintOf, type Fingerprint } from '../template/fingerprint.js';
import { allRegistrations, type Registration } from './collector.js';
import { MANIFEST_VERSION, type ManifestEntry } from './manifest.js';

export interface BuildOptions {
  /** Package folder that module paths are relative to. */
  readonly root: string;
  /** Plugin modules, absolute. */
  readonly files: readonly string[];
  /** Whether module paths keep their extension; a package that runs from one form of its sources keeps it. */
  readonly keepExtension: boolean;
}

/** Imports every plugin module in order and prints what its decorators registered as registry.json. */
export async function buildManifest({ root, files, keepExtension }: BuildOptions): Promise<string> {
  const lines = new Map<string, string[]>();
  const architectures = new Map<string, string>();
  for (const file of [...files].sort()) {
    const before = new Set(allRegistrations());
    await import(pathToFileURL(file).href);
    const path = relative(root, file).replaceAll('\\', '/');
    const module = keepExtension ? path : path.replace(/\.[jt]s$/, '');
    for (const registration of allRegistrations().filter((one) => !before.has(one))) {
      const { kind, id } = registration;
      const entry = JSON.stringify(toEntry(registration, module));
      lines.set(kind, [...(lines.get(kind) ?? []), `${JSON.stringify(id)}: ${entry}`]);
      if (kind !== 'model') continue;
      for (const name of (registration.meta as ModelMeta).architectures) {
        if (!architectures.has(name)) architectures.set(name, id);
      }
    }
  }
  const kinds = [...lines]
    .sort()
    .map(([kind, entries]) => `    "${kind}": {\n      ${entries.sort().join(',\n      ')}\n    }`);
  const served = [...architectures].sort().map(([name, id]) => `    "${name}": "${id}"`);
  return [
    '{',
    `  "version": ${MANIFEST_VERSION},`,
    `  "plugins": {\n${kinds.join(',\n')}\n  },`,
    `  "architectures": {\n${served.join(',\n')}\n  }`,
    '}\n',
  ].join('\n');
}

function toEntry({ kind, id, meta, target }: Registration, module: string): ManifestEntry {
  const base = { module, class: target.name };
  if (kind === 'template') {
    return {
      ...base,
      summary: (meta as TemplateMeta).summary,
      fingerprint: fingerprintOfData(target as Class<Template>),
    };
  }
  if (kind !== 'model') {
    const { summary, hf, ms, peft_type } = meta as TunerMeta & ModelVariant;
    return { ...base, summary, hf, ms, peft_type };
  }
  const { variants, summary, family, template } = meta as ModelMeta;
  return { ...base, summary, family, ...variants[id], template: variants[id].template ?? template };
}

/** Of a template that is data; one that is code may need a real tokenizer. */
function fingerprintOfData(target: Class<Template>): Fingerprint | undefined {
  const template = target.length === 0 ? new target() : undefined;
  return template !== undefined && 'spec' in template ? fingerprintOf(template) : undefined;
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
