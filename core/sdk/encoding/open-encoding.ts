/** Where rows are encoded: in the thread at hand, or in threads of their own; and whether the disk keeps what comes of it. */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { EncodingHere, type EncoderSettings, type Encoding, type RowEncoder } from '../../data/index.js';
import type { EncodeContext } from '../encode-rows.js';
import { CachedEncoding } from './cached-encoding.js';
import { codeIdentity } from './code-identity.js';
import { describeEncoder, type EncoderDescription } from './description.js';
import { EncodingPool } from './pool.js';
import { SampleCache, sampleCacheFolder } from './sample-cache.js';

/** Arguments that say where rows are encoded, which changes nothing of what comes of them. */
export interface EncodingArguments {
  readonly dataset_num_proc?: number | null;
  readonly load_from_cache_file?: boolean;
}

/** Of the rows that are to be encoded. */
export interface Amount {
  /** About how many characters they have. */
  readonly characters: number;
  /** Whether steps begin before all of them are encoded. */
  readonly isStream: boolean;
}

/**
 * Characters that take one thread about four seconds. To start another and to warm it takes a second of a core, more with a
 * large vocabulary: below, what the user gains is less than what the machine does for it.
 */
const ALONE = 8_000_000;
/** For fewer, a file would save a second or two. */
const KEPT = 4_000_000;
/** Rows that are handed over together. Of a stream few, since they are encoded before the first step. */
const PIECE = { atOnce: 1024, stream: 128 };

/**
 * More than eight wait for the one that hands them rows. A stream's rows are few at a time, and a thread of their own
 * would take a tokenizer's memory for what is there in time without one.
 */
function usualThreads(isStream: boolean): number {
  return isStream ? 1 : Math.min(8, availableParallelism());
}

/** @throws SwiftError */
export async function openEncoding(
  encoder: RowEncoder,
  told: EncoderSettings,
  { dataset_num_proc, load_from_cache_file = false }: EncodingArguments,
  context: EncodeContext,
  { characters, isStream }: Amount,
): Promise<Encoding> {
  const { seen, services } = context;
  const here = new EncodingHere(encoder, seen);
  const kind = isStream ? 'stream' : 'atOnce';
  const threads = dataset_num_proc ?? (characters < ALONE ? 1 : usualThreads(isStream));
  // What a stream's steps ask for is encoded before they do.
  const wantsCache = load_from_cache_file && characters >= KEPT && !isStream;
  if (threads <= 1 && !wantsCache) return here;
  const description = await describeEncoder(told, context);
  if (!description) {
    services.log.info(
      'data: rows are encoded in one thread: template, tokenizer or trainer are those of a program',
    );
    return here;
  }
  const piece = PIECE[kind];
  const inner =
    threads > 1
      ? new EncodingPool(description, { threads, piece, here, seen, log: services.log })
      : new EncodingHere(encoder, seen, piece);
  const identity = wantsCache ? identityOf(description, context) : undefined;
  if (identity === undefined) return inner;
  return new CachedEncoding(
    inner,
    new SampleCache(sampleCacheFolder(), services.log),
    identity,
    services.log,
  );
}

/** Undefined where code takes part that nothing tells from another. */
function identityOf(description: EncoderDescription, { services }: EncodeContext): string | undefined {
  const code = codeIdentity(description, services.plugins);
  if (code === undefined) return undefined;
  const { tokenizer, template, agent, rows, options, trainer } = description;
  const { folder: _folder, ...content } = tokenizer;
  const said = JSON.stringify([code, content, template, agent, rows, options, trainer]);
  return createHash('sha256').update(said).digest('hex');
}
