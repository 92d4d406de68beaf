/** Rows with pictures on their way to samples. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { ImageSource } from '../../contracts/image-source.js';
import type { MediaSpan, SampleMedia } from '../../contracts/processor.js';
import type { Message, StandardRow } from '../../contracts/row.js';
import { IGNORE_INDEX, type EncodeResult } from '../../contracts/template.js';
import type { Tokenizer } from '../../contracts/tokenizer.js';
import type { LoadedRow } from '../source.js';
import type { OpenedPicture, Pictures } from './pictures.js';
import { placeImages, spansOf, strayToken } from './place-images.js';

/** What a template made of a row, and the pictures among its tokens. */
export interface SeenResult {
  readonly result: EncodeResult;
  readonly media?: SampleMedia;
}

/** Files that are read at once. */
const AT_ONCE = 4;

/** The pictures of rows, opened before these are encoded, which is done without waiting. */
export class SeenRows {
  /** By the row's list of images, which all sequences of a row share. */
  private readonly opened = new WeakMap<readonly ImageSource[], readonly OpenedPicture[] | Error>();

  constructor(readonly pictures: Pictures) {}

  /** Opens the pictures of rows. One that cannot be opened is the fault of its row, told when the row is encoded. */
  async open(rows: readonly LoadedRow[]): Promise<void> {
    const seeing = rows.filter(({ row }) => (row.images?.length ?? 0) > 0);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < seeing.length) await this.openOne(seeing[next++]);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  /**
   * Encodes a row with its pictures. Tokens in whose places they stand are no labels; a sample that a cut leaves without
   * some of them is too long.
   * @throws SwiftError
   */
  encode(row: StandardRow, tokenizer: Tokenizer, encode: (plain: StandardRow) => EncodeResult): SeenResult {
    const { images = [], ...rest } = row;
    const found = this.opened.get(images) ?? [];
    if (found instanceof Error) throw found;
    const seen = seePrompt(rest.messages, found, tokenizer, this.pictures);
    const result = encode({ ...rest, messages: seen.messages });
    if (result.kind === 'dropped') return { result };
    const { sample, truncated } = result;
    const media = seen.media(sample.input_ids);
    if (media === 'torn' && !truncated) throw strayToken(this.pictures.sight.processor.imageToken);
    if (media === 'torn') return { result: { kind: 'dropped', reason: 'too_long' } };
    if (!media) return { result };
    const labels = [...sample.labels];
    for (const { start, grid } of media.spans)
      labels.fill(IGNORE_INDEX, start, start + this.pictures.sight.tower.features(grid));
    return { result: { kind: 'sample', sample: { ...sample, labels }, truncated }, media };
  }

  /** The pictures of a row that were opened in another thread. */
  openedElsewhere(
    { row, origin }: LoadedRow,
    spans: readonly MediaSpan[],
    digests: readonly string[],
  ): SampleMedia {
    const folder = dirname(origin.file);
    const load = (i: number) => () => this.pictures.load(row.images![i], folder, digests[i]);
    return mediaOf(
      spans,
      digests.map((digest, i) => ({ digest, load: load(i) })),
    );
  }

  private async openOne({ row, origin }: LoadedRow): Promise<void> {
    const images = row.images!;
    const opened: OpenedPicture[] = [];
    try {
      for (const source of images) opened.push(await this.pictures.open(source, dirname(origin.file)));
      this.opened.set(images, opened);
    } catch (error) {
      this.opened.set(images, error as Error);
    }
  }
}

function mediaOf(
  spans: readonly MediaSpan[],
  pictures: readonly Pick<OpenedPicture, 'digest' | 'load'>[],
): SampleMedia {
  const hash = createHash('sha256');
  for (const { digest } of pictures) hash.update(digest);
  return {
    spans,
    digest: hash.digest('hex'),
    digests: pictures.map(({ digest }) => digest),
    load: () => Promise.all(pictures.map((picture) => picture.load())),
  };
}

/** Messages with their pictures' texts, and what becomes of the pictures once these are ids. */
export interface SeenPrompt {
  readonly messages: readonly Message[];
  /** Undefined where there are none, `torn` where the ids do not hold all of them. @throws SwiftError BAD_ROW */
  readonly media: (ids: readonly number[]) => SampleMedia | 'torn' | undefined;
}

/** @throws SwiftError BAD_ROW */
export function seePrompt(
  messages: readonly Message[],
  opened: readonly OpenedPicture[],
  tokenizer: Tokenizer,
  { sight: { processor } }: Pictures,
): SeenPrompt {
  const placed = placeImages(
    messages,
    opened.map(({ features }) => features),
    processor,
  );
  const token = tokenizer.tokenToId(processor.imageToken)!;
  return {
    messages: placed,
    media: (ids) => {
      const spans = spansOf(ids, token, opened, processor.imageToken);
      if (!spans) return 'torn';
      if (spans.length === 0) return undefined;
      return mediaOf(spans, opened);
    },
  };
}
