/** What the hubs take from their surroundings; tests hand over their own. */
import type { Log } from '../contracts/log.js';
import { SwiftError } from '../errors.js';
import type { Fetch } from './download.js';
import type { Patience } from './patient-fetch.js';

export interface HubOptions {
  /** Variables such as HF_ENDPOINT; `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly fetch?: Fetch;
  /** Told when the cache stands in for a hub that cannot be reached; a process warning by default. */
  readonly log?: Pick<Log, 'warn'>;
  /** Milliseconds before the first retry; 500 by default. */
  readonly patience?: number;
  /** Milliseconds without progress before a try is given up; a minute by default. */
  readonly timeout?: number;
}

export function patienceOf({ patience = 500, timeout = 60_000 }: HubOptions): Patience {
  return { patience, timeout };
}

/** Whether a switch such as HF_HUB_OFFLINE is on. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|on|yes|true)$/i.test(value.trim());
}

/** Whether USE_HF leaves the choice to the arguments, or says ModelScope. @throws SwiftError BAD_ARGUMENT */
export function usesHuggingFace(value: string | undefined = process.env.USE_HF): boolean {
  const word = value?.trim().toLowerCase() ?? '';
  if (['', '1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw new SwiftError('BAD_ARGUMENT', `USE_HF is '${value}', expected 1 or 0`, {
    cure: 'USE_HF=1 takes repositories from Hugging Face, USE_HF=0 from ModelScope.',
  });
}

/**
 * `fetch` that adds the user's token, if there is one, to what is asked of the endpoint's own origin. A redirect to
 * another one loses it, and so does an address elsewhere that an answer of the hub names.
 */
export function withToken(plain: Fetch, token: string | undefined, endpoint: string): Fetch {
  if (!token) return plain;
  const { origin } = new URL(endpoint);
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init?.headers);
    if (new URL(address).origin === origin) headers.set('authorization', `Bearer ${token}`);
    else headers.delete('authorization');
    return plain(input, { ...init, headers });
  };
}

/** An endpoint as a variable gives it. @throws SwiftError BAD_ARGUMENT for what is no http address, or holds a password */
export function endpointOf(variable: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSecret = url !== undefined && (url.username !== '' || url.password !== '');
  if (url && ['http:', 'https:'].includes(url.protocol) && !isSecret) return value.replace(/\/+$/, '');
  const fault = isSecret ? 'holds a user name or password' : `'${value}' is no http address`;
  throw new SwiftError('BAD_ARGUMENT', `${variable}: ${fault}`, {
    cure: 'Give the address alone, e.g. https://hf-mirror.com; a token has a variable of its own.',
  });
}

/** Tells the user that a cached copy is used, and why. */
export function warn({ log }: HubOptions, message: string): void {
  if (log) log.warn(message);
  else process.emitWarning(message);
}

/** Files fetched at a time. */
export const PARALLEL_FILES = 4;
