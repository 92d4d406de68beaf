/** Paths among a run's arguments as they are written down: a run may be gone on from in another folder. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseDatasetSpec } from '../data/dataset-spec.js';
import type { Catalog } from '../registry/catalog.js';
import { isPackage } from '../registry/manifest.js';

type Written = Readonly<Record<string, unknown>>;

/** Names of files and folders that are there, and of the folder to write to, from the root; ids and repositories as they are. */
export function withAbsolutePaths(args: Written, catalog: Pick<Catalog, 'has'>): Written {
  const dataset = (text: string): string => absoluteDataset(text, catalog);
  return {
    ...args,
    ...changed(args, 'dataset', dataset),
    ...changed(args, 'val_dataset', dataset),
    ...pathOf(args, 'model_id_or_path'),
    ...pathOf(args, 'ref_model_id_or_path'),
    ...pathOf(args, 'teacher_model_id_or_path'),
    ...changed(args, 'reward_model', (name) => (existsSync(name) ? resolve(name) : name)),
    ...pathOf(args, 'resume_from_checkpoint'),
    ...(typeof args.loss_scale === 'string' && { loss_scale: absoluteParts(args.loss_scale) }),
    ...(typeof args.output_dir === 'string' && { output_dir: resolve(args.output_dir) }),
    ...changed(args, 'plugins', (name) =>
      existsSync(name) && !isPackage(name, process.cwd()) ? resolve(name) : name,
    ),
  };
}

function pathOf(args: Written, name: string): Written {
  const value = args[name];
  return typeof value === 'string' && existsSync(value) ? { [name]: resolve(value) } : {};
}

/** The files among parts that a + joins. */
function absoluteParts(joined: string): string {
  return joined
    .split('+')
    .map((part) => (part.endsWith('.json') ? resolve(part) : part))
    .join('+');
}

function changed(args: Written, name: string, change: (text: string) => string): Written {
  const value = args[name];
  return Array.isArray(value)
    ? { [name]: value.map((one: unknown) => (typeof one === 'string' ? change(one) : one)) }
    : {};
}

/** `rows.jsonl#500` as `/data/rows.jsonl#500`. */
export function absoluteDataset(text: string, catalog: Pick<Catalog, 'has'>): string {
  const { hub, id, whole, isPath } = parseDatasetSpec(text);
  if (hub !== undefined || (!isPath && catalog.has('dataset', id))) return text;
  const path = [whole, id].find((one) => existsSync(one));
  return path === undefined || isAbsolute(path) ? text : resolve(path) + text.slice(path.length);
}
