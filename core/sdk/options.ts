/** How programs say arguments: as options, checked as flags are, and spoken of as options in errors. */
import { everyName } from '../config/command-schema.js';
import { commandArguments, type CommandName } from '../config/commands.js';
import { didYouMean, isSwiftError, SwiftError } from '../errors.js';
import { Catalog } from '../registry/catalog.js';
import { ownSource } from '../registry/manifest.js';
import type { Services } from './services.js';

/** Every name that a command takes, with whatever plugins. */
function flagNames(catalog: Catalog): ReadonlySet<string> {
  const commands = Object.keys(commandArguments) as CommandName[];
  return new Set(commands.flatMap((command) => [...everyName(command, catalog).keys()]));
}

/** Does what a program asks for; an error that names `--lora_rank` then names the option `lora_rank`. */
export async function inOptions<T>(
  work: () => Promise<T>,
  own?: Partial<Pick<Services, 'plugins'>>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw spokenOfAsOptions(error, own);
  }
}

/** The same for what needs no waiting. */
export function inOptionsNow<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw spokenOfAsOptions(error);
  }
}

function spokenOfAsOptions(error: unknown, own?: Partial<Pick<Services, 'plugins'>>): unknown {
  if (!isSwiftError(error)) return error;
  const { code, message, cure, exitCode, cause } = error;
  const flags = flagNames(own?.plugins?.catalog ?? new Catalog([ownSource()]));
  const plain = (text: string): string =>
    text.replaceAll(/--(\w+)/g, (flag, name: string) => (flags.has(name) ? name : flag));
  return new SwiftError(code, plain(message), { cure: cure.map(plain), exitCode, cause });
}

/** @throws SwiftError UNKNOWN_ARGUMENT for options that a function does not take, with the nearest it does */
export function onlyOptions(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options).filter((one) => !known.includes(one))) {
    throw new SwiftError('UNKNOWN_ARGUMENT', `${what} takes no option '${name}'`, {
      cure: [...didYouMean(name, known), `It takes ${known.join(', ')}.`],
    });
  }
}
