import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkManifest } from '../../../core/config/check-manifest.js';
import { commandLine, commandOptions } from '../../../core/config/command-line.js';
import { commandSchema } from '../../../core/config/command-schema.js';
import { commandArguments, type CommandName } from '../../../core/config/commands.js';
import { NOT_BUILT } from '../../../core/config/not-built.js';
import { expectedOf } from '../../../core/config/accepted-values.js';
import { pluginClaims } from '../../../core/config/plugin-arguments.js';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import { isSwiftError, type SwiftError } from '../../../core/errors.js';
import { commandHelp } from '../../../core/cli/help.js';
import { Catalog } from '../../../core/registry/catalog.js';
import type { Manifest } from '../../../core/registry/manifest.js';
import { ownSource } from '../../../core/registry/manifest.js';
import * as argument from '../../../core/config/argument.js';

const folder = mkdtempSync(join(tmpdir(), 'plugin-arguments-'));

/** Writes a package of plugins whose modules do not exist: nothing here may import one. */
function write(name: string, plugins: object): string {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(at, 'package.json'),
    JSON.stringify({ name, keywords: ['swift-plugin'], swift: { registry: './registry.json' } }),
  );
  writeFileSync(join(at, 'registry.json'), JSON.stringify(manifest(plugins)));
  return at;
}

function manifest(plugins: object): Manifest {
  return { version: 1, plugins, architectures: {} } as Manifest;
}

const entry = (more: object) => ({ module: 'none.js', class: 'None', summary: 's', ...more });

const KNOBS = {
  knob: argument.int({ default: 3, min: 1, max: 9, help: 'how far it is turned', aliases: ['turn'] }),
  shape: argument.choice(['round', 'square'], { default: 'round', help: 'of the knob' }),
};
const mine = write('mine', {
  tuner: {
    knobs: entry({ arguments: KNOBS }),
    kin: entry({ arguments: { knob: { ...KNOBS.knob, help: 'in other words' } } }),
  },
  optimizer: { still: entry({}) },
});

function refusal(work: () => unknown): SwiftError {
  try {
    work();
  } catch (error) {
    if (isSwiftError(error)) return error;
    throw error;
  }
  throw new Error('accepted');
}

const sft = (...words: readonly string[]) =>
  commandLine('sft', [...words, '--plugins', mine]) as object as Readonly<Record<string, unknown>>;

describe('a flag of a chosen plugin', () => {
  test('has its default, its range, its other names; those of others are not there', () => {
    expect(sft('--sft_type', 'knobs')).toMatchObject({ knob: 3, shape: 'round' });
    expect(sft('--train_type', 'knobs', '--turn', '5')).toMatchObject({ knob: 5 });
    expect(sft('--sft_type', 'knobs')).not.toHaveProperty('lora_rank');
    expect(sft()).not.toHaveProperty('knob');
    expect(refusal(() => sft('--sft_type', 'knobs', '--knob', '10')).message).toBe(
      "--knob: '10' is not at most 9",
    );
  });

  test('is a key of a file, whose line is named, and an option of a program', () => {
    const path = join(folder, 'run.yaml');
    writeFileSync(path, `sft_type: knobs\nplugins: ['${mine}']\nturn: 4\nshape: oval\n`);
    expect(refusal(() => commandLine('sft', [path])).message).toBe(
      `${path}:4: shape: 'oval' is not one of round, square`,
    );
    expect(commandLine('sft', [path, '--shape', 'square'])).toMatchObject({ knob: 4, shape: 'square' });
    // A flag wins over the file under whichever name.
    expect(commandLine('sft', [path, '--shape', 'square', '--knob', '7'])).toMatchObject({ knob: 7 });
    const door = { log: { warn: () => undefined }, plugins: { catalog: Catalog.discover([mine], folder) } };
    expect(commandOptions('sft', { sft_type: 'knobs', knob: 2 }, door)).toMatchObject({ knob: 2 });
    expect(refusal(() => commandOptions('sft', { knob: 2 }, door)).message).toBe(
      "knob: 'knob' is of tuner knobs, kin, and lora is chosen",
    );
  });

  test('stands in help under its plugin, and alone there', () => {
    const help = (...argv: string[]) => commandHelp('sft', 's', ['--help', '--plugins', mine, ...argv]);
    expect(help('--sft_type', 'knobs')).toMatch(
      /^tuner knobs:\n {2}--knob N .*turned .default: 3; also --turn/m,
    );
    expect(help('--sft_type', 'knobs')).not.toContain('--lora_rank');
    expect(help()).toMatch(/^tuner lora:\n {2}--target_modules/m);
    expect(help()).not.toContain('--knob');
    expect(refusal(() => help('--sft_type', 'knob')).cure).toContain("Did you mean 'knobs'?");
  });
});

describe('a flag of a plugin that was not chosen', () => {
  test('is refused by name, with whose it is and how to choose that, together with other faults', () => {
    expect(refusal(() => sft('--knob', '5'))).toMatchObject({
      code: 'BAD_ARGUMENT',
      exitCode: 2,
      message: "--knob: 'knob' is of tuner knobs, kin, and lora is chosen",
      cure: ['Leave it out.', 'Or choose that tuner: --sft_type knobs.'],
    });
    expect(refusal(() => sft('--sft_type', 'knobs', '--lora_rank', '4')).message).toBe(
      "--lora_rank: 'lora_rank' is of tuner lora, and knobs is chosen",
    );
    const both = refusal(() => sft('--shape', 'round', '--seed', 'x'));
    expect(both.message).toBe('2 arguments are wrong');
    expect(refusal(() => sft('--optim', 'still', '--adam_beta1', '0.8')).message).toContain(
      "'adam_beta1' is of optimizer adamw_torch, and still is chosen",
    );
  });

  test('is refused in a file with its line', () => {
    const path = join(folder, 'other.yaml');
    writeFileSync(path, `plugins: ['${mine}']\nknob: 4\n`);
    expect(refusal(() => commandLine('sft', [path])).message).toBe(
      `${path}:2: knob: 'knob' is of tuner knobs, kin, and lora is chosen`,
    );
  });

  test('is among the nearest names of a misspelled one', () => {
    expect(refusal(() => sft('--shpae', 'round')).cure).toContain("Did you mean 'shape'?");
  });

  test('an id that names no plugin is what is wrong, not the flags that it would have had', () => {
    expect(refusal(() => sft('--sft_type', 'knbs', '--knob', '4'))).toMatchObject({
      code: 'UNKNOWN_PLUGIN',
      cure: expect.arrayContaining(["Did you mean 'knobs'?"]) as unknown,
    });
  });

  test('that is taken without effect is checked even so', () => {
    expect(refusal(() => sft('--sft_type', 'full', '--lora_rank', 'x')).message).toBe(
      "--lora_rank: 'x' is not a whole number",
    );
    expect(sft('--sft_type', 'full', '--lora_rank', '4')).not.toHaveProperty('lora_rank');
  });
});

describe('going on', () => {
  const checkpoint = join(folder, 'checkpoint-2');
  mkdirSync(checkpoint);
  writeFileSync(
    join(checkpoint, 'args.json'),
    JSON.stringify({ command: 'sft', sft_type: 'knobs', knob: 6, shape: 'square', plugins: [mine] }),
  );

  test("takes the tuner, its package and its values from the run; a flag's other name wins", () => {
    const from = ['--resume_from_checkpoint', checkpoint];
    expect(commandLine('sft', from)).toMatchObject({ sft_type: 'knobs', knob: 6, shape: 'square' });
    expect(commandLine('sft', [...from, '--turn', '2'])).toMatchObject({ knob: 2, shape: 'square' });
  });

  test('with another tuner, what the run gave its own is left out', () => {
    const values = commandLine('sft', ['--resume_from_checkpoint', checkpoint, '--sft_type', 'lora']);
    expect(values).toMatchObject({ sft_type: 'lora', lora_rank: 8 });
    expect(values).not.toHaveProperty('knob');
  });
});

describe('the command has a say', () => {
  test('pre-training trains everything, and adapts every layer where an adapter is asked for', () => {
    expect(commandLine('pt', [])).toMatchObject({ sft_type: 'full', freeze_parameters: [] });
    expect(commandLine('pt', ['--sft_type', 'lora'])).toMatchObject({ target_modules: ['ALL'] });
    expect(commandLine('sft', [])).toMatchObject({ target_modules: ['DEFAULT'] });
  });

  test('so has a trainer that words choose: preferences are trained without dropout, unless it is given', () => {
    expect(commandLine('sft', [])).toMatchObject({ lora_dropout: 0.05 });
    expect(commandLine('rlhf', ['--rlhf_type', 'kto'])).toMatchObject({ lora_dropout: 0 });
    expect(commandLine('rlhf', ['--lora_dropout', '0.1'])).toMatchObject({ lora_dropout: 0.1 });
  });
});

describe('two who mean different things by one name', () => {
  const one = { tuner: { a: entry({ arguments: { knob: KNOBS.knob } }) } };

  test('are named when a registry is written', () => {
    const two = {
      tuner: { ...one.tuner, b: entry({ arguments: { knob: { ...KNOBS.knob, default: 4 } } }) },
    };
    expect(refusal(() => checkManifest('pair', manifest(two)))).toMatchObject({
      code: 'DUPLICATE_PLUGIN',
      message: "tuner 'a' of pair and tuner 'b' of pair mean different things by the argument 'knob'",
    });
    const alias = {
      optimizer: {
        c: entry({ arguments: { pace: argument.int({ default: 1, help: 'h', aliases: ['turn'] }) } }),
      },
    };
    expect(refusal(() => checkManifest('pair', manifest({ ...one, ...alias }))).message).toContain("'turn'");
  });

  test('are no fault where they are trainers, of which a command has one', () => {
    const two = {
      trainer: {
        a: entry({ arguments: { knob: KNOBS.knob } }),
        b: entry({ arguments: { knob: { ...KNOBS.knob, default: 4 } } }),
      },
    };
    expect(() => checkManifest('pair', manifest(two))).not.toThrow();
  });

  test("so are one of this package's plugins, and a command", () => {
    const said = (name: string) => {
      const arguments_ = { [name]: argument.int({ default: 1, help: 'h' }) };
      return refusal(() =>
        checkManifest('pair', manifest({ tuner: { a: entry({ arguments: arguments_ }) } })),
      ).message;
    };
    expect(said('lora_rank')).toBe(
      "tuner 'lora' of swift-ts and tuner 'a' of pair mean different things by the argument 'lora_rank'",
    );
    expect(said('batch_size')).toContain("swift sft and tuner 'a' of pair mean different things");
  });

  test('sharing a description is one flag, in whatever words', () => {
    expect(() => checkManifest('mine', ownManifest())).not.toThrow();
    const shared = { tuner: { a: entry({ arguments: { lora_rank: ownRank() } }) } };
    expect(() => checkManifest('pair', manifest(shared))).not.toThrow();
  });

  function ownManifest(): Manifest {
    return Catalog.discover([mine], folder).sources[1].manifest;
  }

  function ownRank(): object {
    const lora = new Catalog([ownSource()]).find('tuner', 'lora').arguments as { lora_rank: object };
    return { ...lora.lora_rank, help: 'rank, said otherwise' };
  }
});

describe('what is no description of arguments', () => {
  test.each([
    ['a list', []],
    ['of no kind', { x: { ...KNOBS.knob, kind: 'regexp' } }],
    ['without help', { x: { kind: 'int', default: 1 } }],
    ['with a default that it refuses', { x: { ...KNOBS.knob, default: 0 } }],
    ['of no name', { 'x y': KNOBS.knob }],
    ['of a name that means something else', { help: KNOBS.knob }],
    ['of a name that every object has', { constructor: KNOBS.knob }],
    ['with aliases that are a text', { x: { ...KNOBS.knob, aliases: 'y' } }],
    ['with a bound that is a text', { x: { ...KNOBS.knob, min: '1' } }],
    ['with choices that are empty', { x: { ...KNOBS.shape, choices: [] } }],
    ['with another that chooses', { x: { ...KNOBS.knob, chooses: 'tuner' } }],
    ['with a null', { x: null }],
  ])('%s: the plugin is refused when it is chosen, and stops nobody else', (what, arguments_) => {
    const hostile = write(`hostile-${what.replaceAll(/\W/g, '')}`, {
      tuner: { hostile: entry({ arguments: arguments_ }) },
    });
    const plugins = ['--plugins', hostile];
    expect(commandLine('sft', plugins)).toMatchObject({ lora_rank: 8 });
    expect(commandHelp('sft', 's', plugins)).toContain('--lora_rank');
    expect(refusal(() => commandLine('sft', [...plugins, '--sft_type', 'hostile']))).toMatchObject({
      code: 'BAD_PLUGIN',
      message: expect.stringContaining("tuner 'hostile' of hostile-") as string,
    });
  });

  test('whatever a registry says of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (arguments_, without_effect, defaults) => {
        const said = { arguments: arguments_, without_effect, defaults };
        const source = { ...ownSource(), name: 'any', manifest: manifest({ tuner: { any: entry(said) } }) };
        const door = {
          log: { warn: () => undefined },
          plugins: { catalog: new Catalog([ownSource(), source]) },
        };
        expect(commandOptions('sft', { lora_rank: 2 }, door)).toMatchObject({ lora_rank: 2 });
        try {
          commandOptions('sft', { sft_type: 'any' }, door);
        } catch (error) {
          expect(error).toMatchObject({ name: 'SwiftError', code: /BAD_PLUGIN|DUPLICATE_PLUGIN/ });
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a flag that the command has already is refused when its plugin is chosen', () => {
    const rival = write('rival', { tuner: { rival: entry({ arguments: { seed: KNOBS.knob } }) } });
    expect(commandLine('sft', ['--plugins', rival, '--seed', '7'])).toMatchObject({ seed: 7 });
    expect(refusal(() => commandLine('sft', ['--plugins', rival, '--sft_type', 'rival'])).message).toContain(
      "swift sft and tuner 'rival' of rival mean different things by the argument 'seed'",
    );
  });
});

describe('what a plugin is told', () => {
  const declared = {
    targets: argument.strings({
      default: ['DEFAULT'],
      help: 'h',
      ofModel: { DEFAULT: 'lora_target_modules' },
    }),
    knob: KNOBS.knob,
  };
  const ofModel = { lora_target_modules: ['q', 'v'] };

  test('are its own arguments, words of the model in its place', () => {
    const args = { targets: ['DEFAULT', 'o'], knob: 4, seed: 1 };
    expect(pluginOptions({ arguments: declared }, args, ofModel)).toEqual({
      targets: ['q', 'v', 'o'],
      knob: 4,
    });
    expect(pluginOptions({ arguments: declared }, {}, ofModel)).toEqual({ targets: ['q', 'v'], knob: 3 });
    expect(pluginOptions({}, args, ofModel)).toEqual({});
  });

  test('is checked, whichever way it came', () => {
    expect(refusal(() => pluginOptions({ arguments: declared }, { knob: 0 })).message).toBe(
      "--knob: '0' is not at least 1",
    );
  });
});

describe('plugins of this package', () => {
  const catalog = new Catalog([ownSource()]);

  test('declare what one can give: names and defaults that are accepted, help for each, nothing said to be missing', () => {
    const kinds = ['tuner', 'trainer', 'optimizer', 'quantizer', 'backend', 'evaluator'] as const;
    const claims = pluginClaims(catalog, kinds).flatMap((claim) => Object.entries(claim.arguments));
    expect(claims.map(([name]) => name)).toEqual(
      expect.arrayContaining(['lora_rank', 'freeze_parameters', 'adam_beta1', 'quant_group_size']),
    );
    for (const [name, one] of claims) {
      expect(expectedOf(one, one.default), name).toBeUndefined();
      expect(one.help.length, name).toBeGreaterThan(10);
      for (const written of [name, ...one.aliases]) expect(NOT_BUILT.has(written), written).toBe(false);
    }
  });

  test.each(Object.keys(commandArguments) as CommandName[])(
    'swift %s takes those of its defaults',
    (command) => {
      const { chosen, known } = commandSchema(command, new Map(), catalog);
      for (const { entry: found, arguments: declared } of chosen) {
        expect(found).toBeDefined();
        expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(declared)));
      }
    },
  );
});
