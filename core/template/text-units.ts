/** Where a text may be taken apart: never inside a token that is cut out of it whole, nor inside a tag. */
import type { Tokenizer } from '../contracts/tokenizer.js';

const TAG = String.raw`<[^<>\s]{1,40}>|\[/?[A-Z][A-Z_]{1,30}\]`;
/** Only so far around a place is looked for the units that stand there; longer ones are no tags. */
const REACH = 200;

interface Unit {
  readonly start: number;
  readonly end: number;
}

const known = new WeakMap<Tokenizer, TextUnits>();

/** Finds units in texts of one tokenizer's model. */
export class TextUnits {
  readonly #pattern: RegExp;
  readonly #stops: readonly string[];

  private constructor(tokenizer: Tokenizer) {
    const { addedTokens = [], eos_token_id, eos_token_ids = [] } = tokenizer;
    const tokens = addedTokens.filter((token) => token.trim() !== '').sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp([...tokens.map(escaped), TAG].join('|'), 'g');
    this.#stops = [eos_token_id, ...eos_token_ids].flatMap((id) => {
      const token = id === undefined ? undefined : tokenizer.idToToken(id);
      return token === undefined || token === '' ? [] : [token];
    });
  }

  static of(tokenizer: Tokenizer): TextUnits {
    const units = known.get(tokenizer) ?? new TextUnits(tokenizer);
    known.set(tokenizer, units);
    return units;
  }

  /** The nearest place at or before an offset that is not inside a unit of `text`. */
  boundary(text: string, offset: number): number {
    const inside = this.#around(text, offset).find(({ start, end }) => start < offset && offset < end);
    return inside?.start ?? offset;
  }

  /** The last place at or before an offset where a unit begins. */
  lastStart(text: string, offset: number): number | undefined {
    return this.#around(text, offset).findLast(({ start }) => start <= offset)?.start;
  }

  /** The first unit of a text. */
  first(text: string): string | undefined {
    const [unit] = this.#around(text, 0);
    return unit === undefined ? undefined : text.slice(unit.start, unit.end);
  }

  /** The unit that stands at an offset. */
  at(text: string, offset: number): string | undefined {
    const unit = this.#around(text, offset).find(({ start }) => start === offset);
    return unit === undefined ? undefined : text.slice(unit.start, unit.end);
  }

  /** The stop token that stands at an offset, the longest where several do. */
  stopAt(text: string, offset: number): string | undefined {
    return longest(this.#stops.filter((stop) => text.startsWith(stop, offset)));
  }

  /** End of the first stop token within the first `limit` characters. */
  firstStopEnd(text: string, limit: number): number | undefined {
    const head = text.slice(0, limit);
    const starts = this.#stops.map((stop) => head.indexOf(stop)).filter((at) => at >= 0);
    if (starts.length === 0) return undefined;
    const first = Math.min(...starts);
    return first + longest(this.#stops.filter((stop) => head.startsWith(stop, first)))!.length;
  }

  #around(text: string, offset: number): Unit[] {
    const from = Math.max(0, offset - REACH);
    return Array.from(text.slice(from, offset + REACH).matchAll(this.#pattern), ({ 0: unit, index }) => ({
      start: from + index,
      end: from + index + unit.length,
    }));
  }
}

const escaped = (token: string): string => token.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const longest = (texts: readonly string[]): string | undefined =>
  [...texts].sort((a, b) => b.length - a.length)[0];
