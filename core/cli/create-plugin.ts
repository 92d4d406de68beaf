/** `swift create-plugin NAME [--kind KIND]`: writes a package with one plugin and a test, ready to build. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseFlags } from '../config/parse-flags.js';
import { didYouMean, SwiftError } from '../errors.js';
import { notWritable } from '../io/atomic-write.js';
import { isNewKind, NEW_KINDS, packageFiles } from './new-package.js';
import { packageVersion } from '../version.js';

export async function run(argv: readonly string[]): Promise<void> {
  const { positional, flags } = parseFlags(argv);
  const [name, ...rest] = positional;
  const unknown = [
    ...[...flags.keys()].filter((flag) => flag !== 'kind').map((flag) => `--${flag}`),
    ...rest,
  ];
  if (unknown.length > 0) {
    throw new SwiftError('UNKNOWN_ARGUMENT', `swift create-plugin takes no '${unknown[0]}'`, {
      cure: 'It takes the name of the package, and --kind.',
    });
  }
  if (name === undefined || !/^(@[a-z0-9][\w.-]*\/)?[a-z][a-z0-9._-]*$/.test(name)) {
    const fault = name === undefined ? 'create which package?' : `'${name}' is no name of a package`;
    throw new SwiftError('BAD_ARGUMENT', fault, {
      cure: 'Give one as npm has them, in lower case: swift create-plugin swift-plugin-mine --kind tuner.',
    });
  }
  const kind = (flags.get('kind') ?? [NEW_KINDS[0]]).join(' ');
  if (!isNewKind(kind)) {
    throw new SwiftError('BAD_ARGUMENT', `--kind: '${kind}' is not one of ${NEW_KINDS.join(', ')}`, {
      cure: didYouMean(kind, NEW_KINDS),
    });
  }
  const folder = resolve(name.slice(name.indexOf('/') + 1));
  if (existsSync(folder)) {
    throw new SwiftError('BAD_ARGUMENT', `${folder} exists already`, {
      cure: 'Remove it, or choose another name.',
    });
  }
  for (const [path, text] of packageFiles({ name, kind, version: packageVersion() })) {
    try {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    } catch (error) {
      throw notWritable(join(folder, path), error);
    }
  }
  process.stdout.write(`${folder}: a ${kind}\nNext: cd ${folder} && npm install && npm test\n`);
}
