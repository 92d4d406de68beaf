/** What a program without types may hand over by mistake. @throws SwiftError BAD_ARGUMENT, each of them */
import { didYouMean, SwiftError } from '../errors.js';

/** One of a few words. */
export function requireOneOf(what: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `${what} is ${shown(value)}, expected ${known.map(quoted).join(' or ')}`,
    {
      cure: didYouMean(String(value), known),
    },
  );
}

/** A text that says something: a path, a name. */
export function requireText(what: string, value: unknown, example: string): void {
  if (typeof value === 'string' && value.trim() !== '') return;
  throw new SwiftError('BAD_ARGUMENT', `${what} is ${shown(value)}, expected a text`, {
    cure: `Give it, e.g. '${example}'.`,
  });
}

/** An object of options. */
export function requireOptions(what: string, value: unknown, example: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new SwiftError('BAD_ARGUMENT', `${what} takes an object of options, not ${shown(value)}`, {
    cure: `Give what differs from the defaults, e.g. ${example}.`,
  });
}

/** A loaded model: its promise is what one forgets to wait for. */
export function requireModel(what: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && 'loaded' in value && 'services' in value) return;
  throw new SwiftError('BAD_ARGUMENT', `${what} takes a loaded model, not ${shown(value)}`, {
    cure: "Wait for it: const model = await Model.fromPretrained('…').",
  });
}

/** Services, where they are given: hooks in their place are a mistake that is easily made. */
export function requireServices(what: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === 'object' && value !== null && 'plugins' in value && 'backend' in value) return;
  throw new SwiftError('BAD_ARGUMENT', `${what} takes services, not ${shown(value)}`, {
    cure: 'Give undefined for the usual ones; hooks come after them.',
  });
}

/** An open chat, whose promise one forgets as easily. */
export function requireChat(what: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && 'answerAll' in value) return;
  throw new SwiftError('BAD_ARGUMENT', `${what} takes a chat, not ${shown(value)}`, {
    cure: 'Wait for it: const chat = await Chat.open(model).',
  });
}

const quoted = (word: string): string => `'${word}'`;

function shown(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? quoted(value) : String(value);
}
