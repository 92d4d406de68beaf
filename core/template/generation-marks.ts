/** Chat templates that mark what the model writes: `{% generation %} ... {% endgeneration %}`, as transformers reads them. */
import { SwiftError } from '../errors.js';
import type { Span } from './answer-spans.js';

const START = '\uFDD0';
const END = '\uFDD1';

/** The template with its marks as text; undefined when it has none. White space is trimmed beside them as before. */
export function withMarksAsText(source: string): string | undefined {
  let found = false;
  const marked = source.replace(
    /\{%(-?)\s*(end)?generation\s*(-?)%\}/g,
    (_, left: string, end: string | undefined, right: string) => {
      found = true;
      return `{%${left} if true %}{{ "${end === undefined ? START : END}" }}{%- endif ${right}%}`;
    },
  );
  return found ? marked : undefined;
}

/**
 * The stretches between marks, as offsets of the text without them.
 *
 * @throws SwiftError BAD_TEMPLATE when the marks change the text, or do not come in pairs.
 */
export function readMarks(marked: string, text: string): Span[] {
  const pieces = marked.split(/([\uFDD0\uFDD1])/);
  const spans: Span[] = [];
  let at = 0;
  let open: number | undefined;
  let plain = '';
  for (const piece of pieces) {
    if (piece === START) {
      if (open !== undefined) throw badMarks();
      open = at;
    } else if (piece === END) {
      if (open === undefined) throw badMarks();
      spans.push([open, at]);
      open = undefined;
    } else {
      at += piece.length;
      plain += piece;
    }
  }
  if (open !== undefined || plain !== text) throw badMarks();
  return spans;
}

const badMarks = (): SwiftError =>
  new SwiftError('BAD_TEMPLATE', "The chat template's {% generation %} marks cannot be followed.", {
    cure: 'Put each pair of marks around what the model writes in one turn, or name another template with --template_type.',
  });
