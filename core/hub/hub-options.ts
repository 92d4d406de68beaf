/** What the hubs take from their surroundings; tests hand over their own. */
import type { Log } from '../contracts/log.js';
import type { Fetch } from './download.js';

export interface HubOptions {
  /** Variables such as HF_ENDPOINT; `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly fetch?: Fetch;
  /** Told when the cache stands in for a hub that cannot be reached; a process warning by default. */
  readonly log?: Pick<Log, 'warn'>;
  /** Milliseconds before the first retry of a broken download; 500 by default. */
  readonly patience?: number;
}

/** Whether a switch such as HF_HUB_OFFLINE is on. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|on|yes|true)$/i.test(value.trim());
}

/** `fetch` that adds the user's token, if there is one. A redirect to another host loses it, as it should. */
export function withToken(plain: Fetch, token: string | undefined): Fetch {
  if (!token) return plain;
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return plain(input, { ...init, headers });
  };
}

/** Tells the user that a cached copy is used, and why. */
export function warn({ log }: HubOptions, message: string): void {
  if (log) log.warn(message);
  else process.emitWarning(message);
}

/** Files fetched at a time. */
export const PARALLEL_FILES = 4;
