import { describe, expect, test } from 'vitest';
import { isSwiftError } from '../../../core/errors.js';
import { Catalog } from '../../../core/registry/catalog.js';
import { ownSource, type PluginSource } from '../../../core/registry/manifest.js';

function source(
  name: string,
  tuners: readonly string[],
  architectures: Record<string, string> = {},
): PluginSource {
  const entries = tuners.map((id) => [id, { module: `${id}.js`, class: 'X', summary: id }] as const);
  return {
    name,
    manifest: { version: 1, plugins: { tuner: Object.fromEntries(entries) }, architectures },
    moduleUrl: ({ module }) => `file:///${name}/${module}`,
  };
}

function failure(body: () => unknown): { code: string; message: string; cure: readonly string[] } {
  try {
    body();
  } catch (error) {
    if (isSwiftError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('Catalog', () => {
  const catalog = new Catalog([
    source('a', ['lora', 'full'], { LlamaForCausalLM: 'llama-x' }),
    source('b', ['ia3']),
  ]);

  test('lists the entries of every source with where they come from', () => {
    expect(catalog.list('tuner').map(({ id, source }) => [id, source.name])).toEqual([
      ['lora', 'a'],
      ['full', 'a'],
      ['ia3', 'b'],
    ]);
    expect(catalog.list('model')).toEqual([]);
    expect([catalog.has('tuner', 'ia3'), catalog.has('model', 'ia3')]).toEqual([true, false]);
  });

  test('of families that share an architecture, a field of the config tells which', () => {
    const shared = new Catalog([
      source('a', [], { QWenLMHeadModel: 'qwen', 'QWenLMHeadModel:audio': 'hears' }),
    ]);
    expect(shared.modelForArchitecture('QWenLMHeadModel', { audio: {} })).toBe('hears');
    expect(shared.modelForArchitecture('QWenLMHeadModel', { audio: null })).toBe('qwen');
    expect(shared.modelForArchitecture('QWenLMHeadModel', {})).toBe('qwen');
    expect(shared.knownArchitectures).toEqual(['QWenLMHeadModel']);
  });

  test('an unknown id names the nearest', () => {
    expect(failure(() => catalog.find('tuner', 'lroa'))).toMatchObject({
      code: 'UNKNOWN_PLUGIN',
      message: "there is no tuner 'lroa' (3 are registered)",
      cure: ["Did you mean 'lora'?", 'See all: swift list tuners.'],
    });
    expect(failure(() => catalog.find('tuner', 'zzzzzz')).cure).toEqual(['See all: swift list tuners.']);
  });

  test('of an id in two packages the first counts, and both are named', () => {
    const clashing = new Catalog([source('a', ['lora']), source('b', ['lora'])]);
    expect(clashing.find('tuner', 'lora').source.name).toBe('a');
    expect(clashing.faults).toMatchObject([
      { code: 'DUPLICATE_PLUGIN', message: "tuner 'lora' is in a (lora.js) and in b (lora.js)" },
    ]);
  });

  test('the first source serves an architecture', () => {
    const two = new Catalog([
      source('a', [], { LlamaForCausalLM: 'first' }),
      source('b', [], { LlamaForCausalLM: 'second', NewForCausalLM: 'new' }),
    ]);
    expect(two.modelForArchitecture('LlamaForCausalLM')).toBe('first');
    expect(two.modelForArchitecture('OtherForCausalLM')).toBeUndefined();
    expect(two.knownArchitectures).toEqual(['LlamaForCausalLM', 'NewForCausalLM']);
  });
});

describe('ids that SWIFT has and this registry does not', () => {
  const catalog = new Catalog([ownSource()]);

  test.each([
    ['model', 'emu3-gen', /of SWIFT: what it sees or hears with is not built yet/],
    ['model', 'Emu3-Gen', /not built yet/],
    ['model', 'glm-5.1', /architecture or head is not built yet/],
    ['tuner', 'adalora', /has no plugin yet/],
    ['quantizer', 'gptq', /has no plugin yet/],
  ] as const)('%s %s is named as missing, not as a misspelling', (kind, id, said) => {
    const { code, message, cure } = failure(() => catalog.find(kind, id));
    expect(code).toBe('UNKNOWN_PLUGIN');
    expect(message).toMatch(said);
    expect(cure).toEqual([`See all: swift list ${kind}s.`]);
  });

  test('a misspelling of one suggests it, and says that it is missing', () => {
    const { message, cure } = failure(() => catalog.find('model', 'emu3-genn'));
    expect(message).toContain("there is no model 'emu3-genn'");
    expect(cure[0]).toContain("'emu3-gen'");
    expect(cure[1]).toMatch(/^Not built here yet: .*emu3-gen/);
  });
});
