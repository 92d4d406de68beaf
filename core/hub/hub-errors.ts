/** The faults of a hub, each with the repository, the endpoint and what to do. */
import type { SnapshotRequest } from '../contracts/hub.js';
import { SwiftError } from '../errors.js';

/** A repository at a hub, for messages. */
export interface Place {
  readonly hub: string;
  readonly endpoint: string;
  readonly request: SnapshotRequest;
  /** The variable that holds the user's access token. */
  readonly tokenVariable: string;
}

/** An answer that is not a success. */
export class HttpError extends Error {
  readonly url: string;

  /** @param pause milliseconds that the server asks for before the next try */
  constructor(
    readonly status: number,
    url: string,
    readonly pause?: number,
  ) {
    super(`HTTP ${status} from ${withoutSecrets(url)}`);
    this.url = withoutSecrets(url);
  }
}

/** An address without what may be secret in it: user, password, and the query that signs it. */
export function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname === '/' ? '' : pathname}`;
}

function named({ request: { repo, type, revision } }: Place): string {
  return `${type} '${repo}'${revision === undefined ? '' : ` at revision '${revision}'`}`;
}

export function notFound(place: Place, status: number): SwiftError {
  const closed = status === 401 || status === 403;
  const fault = closed ? 'does not exist or is not open to you' : 'does not exist';
  return new SwiftError(
    'HUB_NOT_FOUND',
    `The ${named(place)} ${fault} at ${place.hub} (${place.endpoint}).`,
    {
      cure: [
        'Check the id and the revision, or name a local folder, beginning with ./ or /.',
        ...(closed ? [`For a private or gated one, accept its terms and set ${place.tokenVariable}.`] : []),
      ],
    },
  );
}

export function unreachable(place: Place, cause: unknown): SwiftError {
  const message = `${place.hub} (${place.endpoint}) does not deliver the ${named(place)}: ${reasonOf(cause)}.`;
  return new SwiftError('HUB_UNREACHABLE', message, {
    cure: 'Check the connection and try again; what has arrived is kept. A local folder works without a hub.',
    exitCode: 1,
    cause,
  });
}

export function offline(place: Place, missing: readonly string[] = []): SwiftError {
  const what =
    missing.length === 0 ? 'it is not in the cache' : `the cache lacks ${missing.slice(0, 5).join(', ')}`;
  return new SwiftError(
    'HUB_OFFLINE',
    `The ${named(place)} cannot be fetched in offline mode, and ${what}.`,
    {
      cure: 'Unset HF_HUB_OFFLINE and run once with a connection, or name a local folder.',
      exitCode: 1,
    },
  );
}

/** `fetch failed` hides the reason one or two causes down. */
export function reasonOf(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) last = last.cause;
  if (last instanceof AggregateError && last.errors.length > 0) return reasonOf(last.errors[0]);
  return last instanceof Error ? last.message : String(last);
}
