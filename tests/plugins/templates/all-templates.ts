import { readdirSync } from 'node:fs';
import { allRegistrations } from '../../../core/registry/collector.js';
import type { SpecTemplate } from '../../../core/template/index.js';

const folder = new URL('../../../plugins/templates/', import.meta.url);

/** Ids by file name. */
export const templateIds = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.startsWith('_'))
  .map((name) => name.slice(0, -3));

/** Every registered template, by id. */
export async function allTemplates(): Promise<ReadonlyMap<string, SpecTemplate>> {
  await Promise.all(templateIds.map((id) => import(new URL(`${id}.ts`, folder).href)));
  return new Map(
    allRegistrations()
      .filter(({ kind }) => kind === 'template')
      .map(({ id, target }) => [id, new (target as new () => SpecTemplate)()]),
  );
}
