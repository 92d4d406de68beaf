/** What a server writes, whole or in pieces. */
import type { ToolCall } from '../contracts/row.js';

/** An answer, or what came of it since the last piece. */
export interface WrittenPiece {
  readonly text: string;
  /** What was thought, where it is told apart. */
  readonly reasoning: string;
  readonly calls: readonly CallPiece[];
  readonly finish_reason: unknown;
}

interface CallPiece {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

/** Undefined for a choice that holds no text. @param field `message` of a whole answer, `delta` of a piece */
export function pieceOf(
  choice: Readonly<Record<string, unknown>>,
  field: 'message' | 'delta' | undefined,
): WrittenPiece | undefined {
  const held = field === undefined ? choice : ((choice[field] ?? {}) as Readonly<Record<string, unknown>>);
  // A server says null where an answer is empty, or is all calls of tools.
  const said = field === undefined ? held.text : (held.content ?? '');
  // Models that score say numbers.
  const text = typeof said === 'number' || Array.isArray(said) ? JSON.stringify(said) : said;
  if (typeof text !== 'string') return undefined;
  const calls = Array.isArray(held.tool_calls) ? (held.tool_calls as readonly CallPiece[]) : [];
  const reasoning = typeof held.reasoning_content === 'string' ? held.reasoning_content : '';
  return { text, reasoning, calls, finish_reason: choice.finish_reason };
}

/** Calls of tools, put together from their pieces. */
export class GrowingCalls {
  private readonly found: { id?: string; name: string; text: string }[] = [];

  push(pieces: readonly CallPiece[]): void {
    for (const [i, { index = i, id, function: said }] of pieces.entries()) {
      const call = (this.found[index] ??= { name: '', text: '' });
      call.id ??= id;
      call.name += said?.name ?? '';
      call.text += said?.arguments ?? '';
    }
  }

  /** Undefined where there are none. */
  get all(): readonly ToolCall[] | undefined {
    const calls = this.found.map(({ id, name, text }): ToolCall => ({
      ...(id === undefined ? {} : { id }),
      type: 'function',
      function: { name, arguments: text },
    }));
    return calls.length > 0 ? calls : undefined;
  }
}
