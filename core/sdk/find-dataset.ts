/** Where the rows of a dataset are: a registered id, a file or folder, or a repository of a hub. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetMeta, Preprocessor } from '../contracts/preprocessor.js';
import { AutoPreprocessor, parseDatasetSpec, type DatasetSource, type DatasetSpec } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { resolveSource } from '../hub/resolve-source.js';
import { whyNotBuilt } from '../registry/not-built.js';
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
  if (!spec.isPath && catalog.has('dataset', spec.id)) {
    const { instance, meta } = await services.plugins.resolve('dataset', spec.id);
    return { ...common, preprocessor: instance, paths: await registeredPaths(meta, spec, useHf, services) };
  }
  const preprocessor: Preprocessor = new AutoPreprocessor();
  const repository = catalog.list('dataset').find(({ hf, ms }) => [hf, ms].includes(spec.id));
  if (repository) {
    const { instance, meta } = await services.plugins.resolve('dataset', repository.id);
    return { ...common, preprocessor: instance, paths: await registeredPaths(meta, spec, useHf, services) };
  }
  if (!spec.isPath && !existsSync(spec.id) && !spec.id.includes('/')) {
    const reason = whyNotBuilt('dataset', spec.id);
    const fault =
      reason === undefined
        ? `there is no dataset '${spec.id}', and no such file`
        : `dataset '${spec.id}' of SWIFT: ${reason}`;
    throw new SwiftError('UNKNOWN_PLUGIN', fault, { cure: catalog.nearestIds('dataset', spec.id) });
  }
  const wanted: WantedFiles = { text: spec.text, split: 'train', named: spec.subsets };
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

/** The wanted files of a folder, which may hold those of other splits, and of other subsets from earlier runs. */
async function filesIn(
  folder: string,
  wanted: WantedFiles,
  { log }: Pick<Services, 'log'>,
): Promise<readonly string[]> {
  const { paths, left } = await findFiles(folder, wanted);
  if (left.length > 0) {
    const names = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ', …' : ''}`;
    log.info(`data: ${wanted.text}: not of the split '${wanted.split}' or of another subset: ${names}`);
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
    split: meta.split ?? 'train',
    named: spec.subsets,
    usual: meta.subsets?.[0],
    known: meta.subsets,
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
