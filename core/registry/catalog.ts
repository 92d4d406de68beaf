import { didYouMean, SwiftError } from '../errors.js';
import type { ModelConfig } from '../contracts/model-loader.js';
import type { PluginKind } from './kinds.js';
import { idsNotBuilt, whyNotBuilt } from './not-built.js';
import {
  installedSources,
  namedSource,
  ownSource,
  type FamilyEntry,
  type ManifestEntry,
  type PluginSource,
} from './manifest.js';

/** An entry with the package it comes from. */
export interface Listed extends ManifestEntry {
  readonly id: string;
  readonly source: PluginSource;
}

/** Every plugin by kind and id, read from manifests alone: no plugin is imported. */
export class Catalog {
  private readonly byKind = new Map<PluginKind, Map<string, Listed>>();
  private readonly architectures = new Map<string, string>();
  private readonly modelTypes = new Map<string, string>();
  private readonly gguf = new Map<string, string>();
  private readonly families = new Map<string, FamilyEntry>();
  private readonly proven = new Set<string>();

  /**
   * @param sources of an id that several claim, the first counts
   * @param faults of packages that are left out, or of which something is
   */
  constructor(
    readonly sources: readonly PluginSource[],
    readonly faults: SwiftError[] = [],
  ) {
    for (const source of sources) {
      for (const [kind, entries] of Object.entries(source.manifest.plugins)) {
        for (const [id, entry] of Object.entries(entries))
          this.add(kind as PluginKind, { ...entry, id, source });
      }
      const { architectures, model_types = {}, gguf = {}, families = {}, proven = [] } = source.manifest;
      addNew(this.architectures, architectures);
      addNew(this.modelTypes, model_types);
      addNew(this.gguf, gguf);
      addNew(this.families, families);
      for (const name of proven) this.proven.add(name);
    }
  }

  /**
   * This package's plugins, those named, and those installed beside the working folder. One that is merely installed never
   * stands in the way: what is wrong with it is kept in `faults`.
   *
   * @throws SwiftError for a named package that cannot be used, DUPLICATE_PLUGIN among those
   */
  static discover(plugins: readonly string[] = [], folder = process.cwd()): Catalog {
    const named = plugins.map((name) => namedSource(name, folder));
    const [clash] = new Catalog([ownSource(), ...named]).faults;
    if (clash) throw clash;
    const known = new Set(named.map(({ name }) => name));
    const faults: SwiftError[] = [];
    const installed = installedSources(folder, (fault) => faults.push(fault));
    return new Catalog([ownSource(), ...named, ...installed.filter(({ name }) => !known.has(name))], faults);
  }

  list(kind: PluginKind): Listed[] {
    return [...(this.byKind.get(kind)?.values() ?? [])];
  }

  has(kind: PluginKind, id: string): boolean {
    return this.lookUp(kind, id) !== undefined;
  }

  /** @throws SwiftError UNKNOWN_PLUGIN with the nearest ids */
  find(kind: PluginKind, id: string): Listed {
    const entry = this.lookUp(kind, id);
    if (entry) return entry;
    const ids = this.list(kind).map((listed) => listed.id);
    const reason = whyNotBuilt(kind, id);
    const fault =
      reason === undefined ? `there is no ${kind} '${id}'` : `${kind} '${id}' of SWIFT: ${reason}`;
    throw new SwiftError('UNKNOWN_PLUGIN', `${fault} (${ids.length} are registered)`, {
      cure: this.nearestIds(kind, id),
    });
  }

  /** What to do about an id that names nothing: ids spelled nearly so, and how to see all. */
  nearestIds(kind: PluginKind, id: string): readonly string[] {
    const all = `See all: swift list ${kind}s.`;
    if (whyNotBuilt(kind, id) !== undefined) return [all];
    const near = didYouMean(id, [...this.list(kind).map((listed) => listed.id), ...idsNotBuilt(kind)]);
    const missing = idsNotBuilt(kind).filter((one) => near.some((line) => line.includes(`'${one}'`)));
    const note = missing.length > 0 ? [`Not built here yet: ${missing.join(', ')}.`] : [];
    return [...near, ...note, all];
  }

  /** A model id whose family builds this `architectures` entry of a config, if any does. */
  modelForArchitecture(architecture: string, config: ModelConfig = {}): string | undefined {
    const told = Object.keys(config).find(
      (field) => config[field] !== null && this.architectures.has(`${architecture}:${field}`),
    );
    return this.architectures.get(told === undefined ? architecture : `${architecture}:${told}`);
  }

  get knownArchitectures(): readonly string[] {
    return [...this.architectures.keys()].filter((name) => !name.includes(':'));
  }

  /** A model id whose family builds configs of this `model_type`, if any does. */
  modelForType(modelType: string): string | undefined {
    return this.modelTypes.get(modelType);
  }

  /** A model id whose family reads GGUF files of this `general.architecture`, if any does. */
  modelForGguf(name: string): string | undefined {
    return this.gguf.get(name);
  }

  get knownGguf(): readonly string[] {
    return [...this.gguf.keys()];
  }

  get knownFamilies(): readonly string[] {
    return [...this.families.keys()];
  }

  /** What the registry says of a model's family; packages of older versions say nothing. */
  family({ family }: ManifestEntry): FamilyEntry {
    return this.families.get(family ?? '') ?? { architectures: [] };
  }

  /** Whether a registered checkpoint's files can be read: they are whole, or a codec for them is here. */
  loads({ codec }: ManifestEntry): boolean {
    return codec === undefined || this.has('codec', codec);
  }

  /** Whether the tests compare an architecture with a reference implementation. */
  isProven(architecture: string): boolean {
    return this.proven.has(architecture);
  }

  /** SWIFT 2.4 writes `qwen2-0_5b` where users write `qwen2-0.5b`: both name the same entry. */
  private lookUp(kind: PluginKind, id: string): Listed | undefined {
    const entries = this.byKind.get(kind);
    return entries?.get(id) ?? entries?.get(id.replaceAll(/(?<=\d)\.(?=\d)/g, '_'));
  }

  private add(kind: PluginKind, entry: Listed): void {
    let entries = this.byKind.get(kind);
    if (!entries) this.byKind.set(kind, (entries = new Map()));
    const held = entries.get(entry.id);
    if (!held) entries.set(entry.id, entry);
    else {
      const fault = `${kind} '${entry.id}' is in ${held.source.name} (${held.module}) and in ${entry.source.name} (${entry.module})`;
      const cure = 'Uninstall one of the packages, or ask its author for another id.';
      this.faults.push(new SwiftError('DUPLICATE_PLUGIN', fault, { cure }));
    }
  }
}

/** The first source that names something counts. */
function addNew<T>(known: Map<string, T>, entries: Readonly<Record<string, T>>): void {
  for (const [name, value] of Object.entries(entries)) if (!known.has(name)) known.set(name, value);
}
