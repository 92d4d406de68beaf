/** Ways in which formats set calls apart from text. */
import type { Call, Scan, Tool } from '../contracts/agent.js';

/** Calls between two marks. */
export interface MarkedCalls {
  readonly open: string;
  readonly close: string;
  /** Other marks of the format, which are no text: those around several calls, and of what follows them. */
  readonly around?: readonly string[];
  /** The calls in what stands between the marks; undefined where that is no call, and so text. */
  readonly read: (inside: string, tools: readonly Tool[]) => readonly Call[] | undefined;
}

/** Calls between marks. A mark that is never closed is text. */
export function markedCalls({ open, close, around = [], read }: MarkedCalls): Scan {
  const marks = [open, ...around];
  return (text, isWhole, tools) => {
    const before = beforeMarks(text, marks, isWhole);
    if (before === undefined) return undefined;
    if (before > 0) return { kind: 'text', length: before };
    const mark = around.find((one) => text.startsWith(one));
    if (mark !== undefined) return { kind: 'calls', length: mark.length };
    const end = text.indexOf(close, open.length);
    if (end < 0) return isWhole ? { kind: 'text', length: open.length } : undefined;
    const calls = read(text.slice(open.length, end), tools);
    if (calls === undefined) return { kind: 'text', length: open.length };
    return { kind: 'calls', length: end + close.length, calls };
  };
}

/**
 * How much of a text stands before the first of some marks, 0 where it begins with one; of a text that may go on, as far as none can
 * begin in it. Undefined where that is nothing.
 */
export function beforeMarks(text: string, marks: readonly string[], isWhole: boolean): number | undefined {
  const found = marks.map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  const first = Math.min(...found, text.length);
  if (first < text.length) return first;
  const free = isWhole ? text.length : text.length - openEnd(text, marks);
  return free > 0 ? free : undefined;
}

/** Length of the longest end of a text that is the beginning of a mark. */
function openEnd(text: string, marks: readonly string[]): number {
  const longest = Math.max(...marks.map(({ length }) => length)) - 1;
  for (let n = Math.min(longest, text.length); n > 0; n--) {
    const end = text.slice(text.length - n);
    if (marks.some((mark) => mark.length > n && mark.startsWith(end))) return n;
  }
  return 0;
}

/** Where the JSON object or list that begins at a place ends; undefined where it does not end in this text. */
export function jsonEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let inText = false;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (inText) {
      if (character === '\\') i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1;
  }
  return undefined;
}
