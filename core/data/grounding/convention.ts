/** A convention of places as data, and what reads its texts. */
import type { Frame, Grounding, Place, SpokenPlace } from '../../contracts/grounding.js';

export interface Convention {
  readonly frame: Frame;
  /** What stands before and behind the name of a thing; nothing when absent. */
  readonly ref?: readonly [before: string, behind: string];
  readonly placesText: (places: readonly Place[]) => string;
  /** Finds what `placesText` writes, and what the model writes beside; its groups hold the numbers. */
  readonly pattern: RegExp;
  /** Numbers as they stand in a text, as a place; in their own order when absent. */
  readonly place?: (numbers: readonly number[]) => Place;
  /** The name of a place, of the text since the last place and of that up to the next; when absent it stands before, in its marks. */
  readonly name?: (before: string, behind: string) => string | undefined;
}

/** A model's convention by its description. */
export function grounding(convention: Convention): Grounding {
  const { frame, ref: [before, behind] = ['', ''], placesText } = convention;
  return {
    frame,
    refText: (name) => before + name + behind,
    placesText,
    read: (text) => readPlaces(text, convention),
  };
}

function readPlaces(
  text: string,
  { ref, pattern, place = (numbers) => numbers, name: nameOf }: Convention,
): readonly SpokenPlace[] {
  const found = [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    numbers: numbersIn(match.slice(1).join(' ')),
  }));
  const named = nameOf ?? (ref ? (gap: string) => markedName(gap, ref) : nameBefore);
  let name: string | undefined;
  return found.flatMap(({ start, end, numbers }, i) => {
    const gap = text.slice(found[i - 1]?.end ?? 0, start);
    name = named(gap, text.slice(end, found[i + 1]?.start)) ?? (isJoint(gap) ? name : undefined);
    return placesIn(numbers).map((each): SpokenPlace => ({ ...(name && { ref: name }), place: place(each) }));
  });
}

/** None where something between commas is missing: a model that was cut short, or lost its way. */
function numbersIn(text: string): number[] {
  if (/[,([]\s*(?:,|$)|,\s*[)\]]/.test(text)) return [];
  return (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
}

/** Two numbers are a point, each four a box; others are neither. */
function placesIn(numbers: readonly number[]): number[][] {
  if (numbers.length === 2) return [[...numbers]];
  if (numbers.length % 4 !== 0) return [];
  return Array.from({ length: numbers.length / 4 }, (_, i) => numbers.slice(4 * i, 4 * i + 4));
}

/** Whether nothing is said between two places: both are of one name. */
const isJoint = (gap: string): boolean => /^[ \t,;]*$/.test(gap);

/** The last name between marks. */
export function markedName(gap: string, [before, behind]: readonly [string, string]): string | undefined {
  const end = gap.lastIndexOf(behind);
  const start = end < 0 ? -1 : gap.lastIndexOf(before, end - 1);
  return start < 0 ? undefined : trimmed(gap.slice(start + before.length, end));
}

const nameBefore = (gap: string): string | undefined => trimmed(gap.slice(gap.lastIndexOf('\n') + 1));

/** A name that stands behind its place, up to the next thing. */
export const nameBehind = (_: string, gap: string): string | undefined => trimmed(/^[^;\n]*/.exec(gap)![0]);

/** Without what joins it to the text around; undefined where nothing is left. */
function trimmed(name: string): string | undefined {
  return name.replace(/^[\s.,:;]+|[\s,:;]+$/g, '') || undefined;
}

/** `(x1,y1),(x2,y2)` */
export function pairs(place: Place): string {
  const corners = [place.slice(0, 2), place.slice(2)].filter((corner) => corner.length > 0);
  return corners.map((corner) => `(${corner.join(',')})`).join(',');
}

/** `[x1, y1, x2, y2]` */
export const row = (place: Place): string => `[${place.join(', ')}]`;
