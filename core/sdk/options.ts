/** How programs say arguments: as options, checked as flags are, and spoken of as options in errors. */
import { commandArguments } from '../config/commands.js';
import { didYouMean, isSwiftError, SwiftError } from '../errors.js';

const FLAGS: ReadonlySet<string> = new Set(
  Object.values(commandArguments).flatMap((known) =>
    Object.entries(known).flatMap(([name, { aliases }]) => [name, ...aliases]),
  ),
);

/** Does what a program asks for; an error that names `--lora_rank` then names the option `lora_rank`. */
export async function inOptions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSwiftError(error)) throw error;
    const { code, message, cure, exitCode, cause } = error;
    throw new SwiftError(code, plain(message), { cure: cure.map(plain), exitCode, cause });
  }
}

/** @throws SwiftError UNKNOWN_ARGUMENT for options that a function does not take, with the nearest it does */
export function onlyOptions(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options).filter((one) => !known.includes(one))) {
    throw new SwiftError('UNKNOWN_ARGUMENT', `${what} takes no option '${name}'`, {
      cure: [...didYouMean(name, known), `It takes ${known.join(', ')}.`],
    });
  }
}

function plain(text: string): string {
  return text.replaceAll(/--(\w+)/g, (flag, name: string) => (FLAGS.has(name) ? name : flag));
}
