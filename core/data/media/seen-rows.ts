/** Rows with media on their way to samples. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { SizedImage } from '../../contracts/grounding.js';
import { MEDIA_FIELDS, type MediaKind, type MediaLists, type MediaSource } from '../../contracts/media.js';
import type { MediaFile, MediaSpan, MediumPlace, SampleMedia } from '../../contracts/processor.js';
import type { Message, StandardRow } from '../../contracts/row.js';
import { IGNORE_INDEX, type Encoded, type EncodeResult } from '../../contracts/template.js';
import type { Tokenizer } from '../../contracts/tokenizer.js';
import { counted } from '../../counted.js';
import { SwiftError } from '../../errors.js';
import { placeObjects } from '../grounding/place-objects.js';
import { countMedia, MEDIA_TAGS, withoutMedia } from '../preprocess/media.js';
import type { LoadedRow } from '../source.js';
import type { MediaFiles, OpenedMedium as SoundMedium } from './media-files.js';
import { placeMedia, spansOf, strayToken } from './place-media.js';

/** What a template made of a row, and the media among its tokens. */
export interface SeenResult {
  readonly result: EncodeResult;
  readonly media?: SampleMedia;
}

/** A medium of a row that was opened, and how many of its kind stand before it there. */
export type OpenedMedium = SoundMedium & MediumPlace;

/** Those of a text, of each kind in the order of its tags. */
export type OpenedMedia = Readonly<Record<MediaKind, readonly OpenedMedium[]>>;

/** Files that are read at once. */
const AT_ONCE = 4;

/** The media of rows, opened before these are encoded, which is done without waiting. */
export class SeenRows {
  /** By the list of a row, or of one of its messages, in which they stand; its sequences share these. */
  private readonly opened = new WeakMap<object, readonly OpenedMedium[] | Error>();

  constructor(readonly files: MediaFiles) {}

  /** Opens the media of rows. One that cannot be opened is the fault of its row, told when the row is encoded. */
  async open(rows: readonly LoadedRow[]): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < rows.length) await this.openOne(rows[next++]);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  /**
   * Encodes a row with its media. Tokens in whose places they stand are no labels; a sample that a cut leaves without some of
   * them is too long.
   * @throws SwiftError
   */
  encode(row: StandardRow, tokenizer: Tokenizer, encode: (plain: StandardRow) => EncodeResult): SeenResult {
    const seen = seePrompt(row.messages, this.of(row), tokenizer, this.files);
    const result = encode({ ...this.withoutSeen(row), messages: seen.messages });
    if (result.kind === 'dropped') return { result };
    const { truncated } = result;
    const media = seen.media(result.sample.input_ids);
    if (media === 'torn' && !truncated) throw strayToken(this.tokenNames().join(' or '));
    if (media === 'torn') return { result: { kind: 'dropped', reason: 'too_long' } };
    if (!media) return { result };
    const sample = behind(result.sample, seen.read(result.sample.input_ids));
    const labels = [...sample.labels];
    for (const { start, length } of media.spans) labels.fill(IGNORE_INDEX, start, start + length);
    return { result: { kind: 'sample', sample: { ...sample, labels }, truncated }, media };
  }

  /** A row whose texts speak of its objects as the model does. @throws SwiftError */
  spoken(row: StandardRow): StandardRow {
    return placeObjects(row, imageSizes(this.of(row)), this.files.grounding);
  }

  /** The media of a row that were opened in another thread. */
  openedElsewhere(
    { row, origin }: LoadedRow,
    spans: readonly MediaSpan[],
    files: readonly MediaFile[],
  ): SampleMedia {
    const folder = dirname(origin.file);
    const media = files.map(({ kind, index, digest }) => ({
      kind,
      index,
      digest,
      load: () => {
        const { source, among } = listed(row, kind)[index];
        return this.files.load(kind, source, folder, digest, among);
      },
    }));
    return sampleMedia(spans, media);
  }

  /** The media of a row, or of a sequence that became of it. @throws SwiftError where one could not be opened */
  private of(row: StandardRow): OpenedMedia {
    const of = (kind: MediaKind): OpenedMedium[] =>
      [row, ...row.messages].flatMap((holder) => {
        const list = holder[MEDIA_FIELDS[kind]];
        const found = (list && this.opened.get(list)) ?? [];
        if (found instanceof Error) throw found;
        return found;
      });
    return { image: of('image'), video: of('video'), audio: of('audio') };
  }

  private tokenNames(): string[] {
    return this.files.kinds.map((kind) => this.files.sight.processor[kind]!.token);
  }

  /** Media of kinds that the model does not know stay, and are refused. */
  private withoutSeen(row: StandardRow): StandardRow {
    const rest = { ...row };
    for (const kind of this.files.kinds) delete (rest as Record<string, unknown>)[MEDIA_FIELDS[kind]];
    return rest;
  }

  private async openOne({ row, origin }: LoadedRow): Promise<void> {
    for (const kind of this.files.kinds) {
      let first = 0;
      for (const { [MEDIA_FIELDS[kind]]: list } of holders(row)) {
        if (!list) continue;
        const opened = openList(kind, list, this.files, dirname(origin.file), first);
        this.opened.set(list, await opened.catch((error: unknown) => error as Error));
        first += list.length;
      }
    }
  }
}

/** What holds a row's media: itself, and messages of conversations that it is held against. */
function holders(row: StandardRow): readonly MediaLists[] {
  return [row, ...[row.positive_messages, row.negative_messages].flatMap((all = []) => all.flat())];
}

/** The media of a kind, and how many stand in the same list as each. */
function listed(
  row: StandardRow,
  kind: MediaKind,
): { readonly source: MediaSource; readonly among: number }[] {
  return holders(row).flatMap(({ [MEDIA_FIELDS[kind]]: list = [] }) =>
    list.map((source) => ({ source, among: list.length })),
  );
}

/** Opens media of the kinds that the model knows, one after the other. @throws SwiftError */
export async function openMedia(
  lists: MediaLists,
  files: MediaFiles,
  folder: string | undefined,
): Promise<OpenedMedia> {
  const opened: Record<MediaKind, readonly OpenedMedium[]> = { image: [], video: [], audio: [] };
  if (countMedia(lists) === 0) return opened;
  for (const kind of files.kinds)
    opened[kind] = await openList(kind, lists[MEDIA_FIELDS[kind]] ?? [], files, folder);
  return opened;
}

/** @param first how many of the kind stand before them in their row */
async function openList(
  kind: MediaKind,
  list: readonly MediaSource[],
  files: MediaFiles,
  folder: string | undefined,
  first = 0,
): Promise<OpenedMedium[]> {
  const opened: OpenedMedium[] = [];
  for (const [i, source] of list.entries())
    opened.push({ ...(await files.open(kind, source, folder, list.length)), index: first + i });
  return opened;
}

/** The sizes of images that were opened. */
export const imageSizes = ({ image }: OpenedMedia): readonly SizedImage[] =>
  image.flatMap(({ size }) => size ?? []);

/** A sample without its first tokens. */
function behind({ input_ids, labels, loss_scale }: Encoded, first: number): Encoded {
  return {
    input_ids: input_ids.slice(first),
    labels: labels.slice(first),
    ...(loss_scale && { loss_scale: loss_scale.slice(first) }),
  };
}

type Loadable = Pick<OpenedMedium, 'kind' | 'digest' | 'load' | 'index'>;

function sampleMedia(spans: readonly MediaSpan[], media: readonly Loadable[]): SampleMedia {
  const hash = createHash('sha256');
  for (const { digest } of media) hash.update(digest);
  for (const { read } of spans) if (read) hash.update(read.join());
  return {
    spans,
    digest: hash.digest('hex'),
    files: media.map(({ kind, index, digest }) => ({ kind, index, digest })),
    load: () =>
      Promise.all(
        media.map(async (medium, i) => {
          const loaded = await medium.load();
          const read = spans.at(i)?.read;
          return read ? { ...loaded, read } : loaded;
        }),
      ),
  };
}

/** Messages with their media's texts, and what becomes of the media once these are ids. */
export interface SeenPrompt {
  readonly messages: readonly Message[];
  /** Undefined where there are none, `torn` where the ids do not hold all of them. @throws SwiftError BAD_ROW */
  readonly media: (ids: readonly number[]) => SampleMedia | 'torn' | undefined;
  /** How many of the first ids the tower reads: the decoder begins behind these. */
  readonly read: (ids: readonly number[]) => number;
}

/** @throws SwiftError BAD_ROW */
export function seePrompt(
  messages: readonly Message[],
  opened: OpenedMedia,
  tokenizer: Tokenizer,
  { sight: { processor, tower }, kinds }: MediaFiles,
): SeenPrompt {
  const lists = Object.fromEntries(kinds.map((kind) => [MEDIA_FIELDS[kind], opened[kind].map(() => '')]));
  let lead = '';
  const placed = placeMedia(messages, lists, kinds, ({ kind, index }) => {
    const { features, grid } = opened[kind][index];
    const text = processor[kind]!.text({ features, grid, index });
    if (!processor[kind]!.leads) return text;
    lead += text;
    return '';
  });
  const idOf = (kind: MediaKind): number => tokenizer.tokenToId(processor[kind]!.token)!;
  const tokens = new Map(kinds.map((kind) => [idOf(kind), processor[kind]!.token]));
  const media = placed.order.map(({ kind, index }) => opened[kind][index]);
  if (processor.holds) requireOne(kinds[0], messages, { holds: processor.holds, count: media.length });
  const [first, ...others] = placed.messages.map((message) => withoutMedia(message, kinds));
  const { reads_through: end } = processor;
  const read = (ids: readonly number[]): number =>
    end === undefined ? 0 : ids.indexOf(tokenizer.tokenToId(end)!) + 1;
  return {
    messages: lead === '' ? [first, ...others] : [{ ...first, lead }, ...others],
    read,
    media: (ids) => {
      if (end !== undefined) return readTogether(media[0], ids.slice(0, read(ids)), tower);
      const texted = media.map(({ kind, grid, features }) => ({
        ...{ grid, features },
        token: idOf(kind),
        heard: kind === 'audio',
      }));
      const spans = spansOf(ids, texted, tokens);
      if (!spans) return 'torn';
      return spans.length === 0 ? undefined : sampleMedia(spans, media);
    },
  };
}

/** A medium and the ids that a tower reads with it. @throws SwiftError BAD_ROW for more than it can */
function readTogether(
  medium: Loadable & Pick<OpenedMedium, 'grid'>,
  read: readonly number[],
  tower: MediaFiles['sight']['tower'],
): SampleMedia | 'torn' {
  const { kind, grid } = medium;
  const { length } = read;
  const most = tower.mostRead!(grid);
  if (length === 0) return 'torn';
  if (length > most) {
    throw new SwiftError('BAD_ROW', `the model reads ${most} tokens with its ${kind}, not ${length}.`, {
      cure: 'Shorten what is asked.',
    });
  }
  return sampleMedia([{ start: 0, length: 1, grid: [...grid, length], read }], [medium]);
}

/** @param messages with their tags @throws SwiftError BAD_ROW */
function requireOne(
  kind: MediaKind,
  messages: readonly Message[],
  { holds, count }: { readonly holds: 'one' | 'alone'; readonly count: number },
): void {
  const tag = MEDIA_TAGS[kind];
  if (count !== 1) {
    throw new SwiftError('BAD_ROW', `the row has ${counted(count, kind)}; the model takes one.`, {
      cure: `Give each ${kind} a row of its own.`,
    });
  }
  if (holds === 'one') return;
  const first = messages.find(({ role }) => role !== 'system');
  if (first?.role === 'user' && first.content.replace(tag, '').trim() === '') return;
  const fault = `the first message is not a user's '${tag}' alone; the model reads no words beside it.`;
  throw new SwiftError('BAD_ROW', fault, {
    cure: `Take the words out; what else the model is told is its system prompt.`,
  });
}
