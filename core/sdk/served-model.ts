/** A model behind an address that speaks OpenAI's API. */
import { CompletionsServer, type ServerPlace } from '../infer/completions-server.js';
import { OpenAiBackend, type OpenAiBackendOptions } from '../infer/open-ai-backend.js';
import { SwiftError } from '../errors.js';

export type ServedOptions = Pick<OpenAiBackendOptions, 'sampling' | 'stop_words' | 'concurrency'>;

/** Whether a name of a model is an address. */
export const isAddress = (place: string): boolean => /^https?:\/\//.test(place);

/** Where a model is, and what it is called there. */
export interface Address {
  readonly place: ServerPlace;
  readonly model: string;
}

/**
 * @param address up to the version; where several models are behind it, `#` and the name of one at its end
 * @param flag the argument that names it
 * @param name of the model, where something else says it
 * @throws SwiftError BAD_ARGUMENT where nobody says which of several models is meant; SERVER_UNREACHABLE, SERVER_REFUSED
 */
export async function locateServed(address: string, flag: string, name?: string): Promise<Address> {
  const [url, after] = address.split('#', 2);
  // A key is in no file of a run.
  const place = { url, flag, token: process.env.OPENAI_API_KEY ?? 'EMPTY' };
  return { place, model: name ?? (after || (await onlyModel(place))) };
}

/** As what answers conversations. */
export function servedBackend({ place, model }: Address, options: ServedOptions): OpenAiBackend {
  return new OpenAiBackend({ ...place, ...options, model, isChat: true });
}

async function onlyModel(place: ServerPlace): Promise<string> {
  const names = await new CompletionsServer(place).models();
  if (names.length === 1) return names[0];
  const fault = names.length === 0 ? 'names no model' : `has ${names.length} models: ${names.join(', ')}`;
  throw new SwiftError('BAD_ARGUMENT', `${place.flag} ${place.url}: the server ${fault}`, {
    cure: `Say which: ${place.url}#${names[0] ?? 'NAME'}.`,
  });
}
