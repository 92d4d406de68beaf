/** Where the rows of a dataset are: a registered id, a file or folder, or a repository of a hub. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetMeta, PreprocessContext, Preprocessor } from '../contracts/preprocessor.js';
import { AutoPreprocessor, parseDatasetSpec, type DatasetSource, type DatasetSpec } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { resolveSource } from '../hub/resolve-source.js';
import { whyNotBuilt } from '../registry/not-built.js';
import { datasetMedia } from './dataset-media.js';
import { acceptCard, acceptFiles, findFiles, type WantedFiles } from './dataset-files.js';
import type { Services } from './services.js';

/** Where a dataset's files are and what reads them: a registered id, a path, or a repository. */
export async function findDataset(name: string, services: Services): Promise<DatasetSource> {
  const asked = parseDatasetSpec(name);
  const isFile = asked.hub === undefined && asked.subsets.length > 0 && existsSync(asked.whole);
  const spec = isFile ? { ...asked, id: asked.whole, isPath: true, subsets: [] } : asked;
  const { catalog } = services.plugins;
  const useHf = spec.hub === undefined ? services.useHf : spec.hub === 'hf';
  const common = { name: spec.text, rows: spec.rows };
  const registered =
    !spec.isPath && catalog.has('dataset', spec.id)
      ? spec.id
      : catalog.list('dataset').find(({ hf, ms }) => [hf, ms].includes(spec.id))?.id;
  if (registered !== undefined) {
    const { instance, meta } = await services.plugins.resolve('dataset', registered);
    const view = viewOf(meta, spec);
    const named = view === undefined ? spec.subsets : [meta.views![view]].filter((subset) => subset !== '');
    const paths = await registeredPaths(meta, { ...spec, subsets: named }, useHf, services);
    const asked = { text: spec.text, subsets: named, useHf };
    const media = await datasetMedia(meta, asked, services);
    return { ...common, preprocessor: told(instance, { view, media }), paths };
  }
  const preprocessor: Preprocessor = new AutoPreprocessor();
  if (!spec.isPath && !existsSync(spec.id) && !spec.id.includes('/')) {
    const reason = whyNotBuilt('dataset', spec.id);
    const fault =
      reason === undefined
        ? `there is no dataset '${spec.id}', and no such file`
        : `dataset '${spec.id}' of SWIFT: ${reason}`;
    throw new SwiftError('UNKNOWN_PLUGIN', fault, { cure: catalog.nearestIds('dataset', spec.id) });
  }
  const wanted: WantedFiles = { text: spec.text, splits: ['train'], named: spec.subsets };
  const request = { type: 'dataset', hubs: services.hubs, useHf } as const;
  const { path, repo } = await resolveSource(spec.id, { ...request, accept: acceptCard });
  if (repo !== undefined) {
    const accept = await acceptFiles(path, wanted);
    await resolveSource(spec.id, { ...request, accept });
  } else if (!statSync(path).isDirectory()) {
    if (spec.subsets.length === 0) return { ...common, preprocessor, paths: [path] };
    throw new SwiftError('BAD_ARGUMENT', `--dataset '${spec.text}': a file has no subsets`, {
      cure: 'Leave out what follows the colon.',
    });
  }
  return { ...common, preprocessor, paths: await filesIn(path, wanted, services) };
}

/** The view that is named where a subset stands. @throws SwiftError BAD_ARGUMENT for one that is named beside others */
function viewOf({ views = {} }: DatasetMeta, { text, id, subsets }: DatasetSpec): string | undefined {
  const view = subsets.find((subset) => Object.hasOwn(views, subset));
  if (view === undefined || subsets.length === 1) return view;
  throw new SwiftError('BAD_ARGUMENT', `--dataset '${text}': rows of '${view}' are made in their own way`, {
    cure: `Name it as a dataset of its own: --dataset ${subsets.map((subset) => `${id}:${subset}`).join(' ')}.`,
  });
}

/** A plugin that is told more of what is asked for. */
function told(plugin: Preprocessor, more: PreprocessContext): Preprocessor {
  return {
    toRow: (raw, context) => plugin.toRow(raw, { ...context, ...more }),
    parts: plugin.parts && ((raw) => plugin.parts!(raw)),
    continues: plugin.continues && ((raw) => plugin.continues!(raw)),
  };
}

/** The wanted files of a folder, which may hold those of other splits, and of other subsets from earlier runs. */
async function filesIn(
  folder: string,
  wanted: WantedFiles,
  { log }: Pick<Services, 'log'>,
): Promise<readonly string[]> {
  const { paths, left } = await findFiles(folder, wanted);
  if (left.length > 0) {
    const names = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ', …' : ''}`;
    const splits = wanted.splits.join("' or '");
    log.info(`data: ${wanted.text}: not of the split '${splits}' or of another subset: ${names}`);
  }
  return paths;
}

async function registeredPaths(
  meta: DatasetMeta,
  spec: DatasetSpec,
  useHf: boolean,
  services: Services,
): Promise<readonly string[]> {
  if (meta.bundled !== undefined && spec.hub === undefined) {
    const published = (meta.hf ?? meta.ms) ? `; HF::${meta.id} reads the published ones` : '';
    services.log.info(`data: ${meta.id}: the rows that ship with its package${published}`);
    return [assetPath(meta.bundled)];
  }
  const wanted: WantedFiles = {
    text: spec.text,
    splits: [meta.split ?? 'train'].flat(),
    named: spec.subsets,
    formats: meta.formats,
    usual: meta.subsets?.[0],
    known: meta.views ? [...(meta.subsets ?? ['default']), ...Object.keys(meta.views)] : meta.subsets,
  };
  return repositoryFiles(meta, wanted, useHf, services);
}

/** The wanted files of a registered plugin's repository. */
export async function repositoryFiles(
  { id, hf, ms }: Pick<DatasetMeta, 'id' | 'hf' | 'ms'>,
  wanted: WantedFiles,
  useHf: boolean,
  services: Services,
): Promise<readonly string[]> {
  const repo = useHf ? (hf ?? ms) : (ms ?? hf);
  if (repo === undefined) throw new SwiftError('BAD_ARGUMENT', `dataset '${id}' names no repository`);
  const hub = repo === hf ? services.hubs.hf : services.hubs.ms;
  const request = { repo, type: 'dataset' } as const;
  const accept = await acceptFiles(await hub.snapshot({ ...request, accept: acceptCard }), wanted);
  return filesIn(await hub.snapshot({ ...request, accept }), wanted, services);
}

/** A file below this package's `assets`, from source and from `dist` alike; a plugin package gives a file URL. */
function assetPath(name: string): string {
  if (name.startsWith('file:')) return fileURLToPath(name);
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const beside = join(root, 'assets', name);
  return existsSync(beside) ? beside : join(root, '..', 'assets', name);
}
