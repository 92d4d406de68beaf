/** How tools are said to a model, and how its calls of them are read. */

/** A tool as OpenAI's API describes it: `{ name, description, parameters }`, with or without `{ type, function }` around it. */
export type Tool = Readonly<Record<string, unknown>>;

/** A call of a tool. Arguments are an object, or the text that a model wrote in place of one. */
export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>> | string;
}

/** What a tool gave back. */
export interface ToolResult {
  readonly content: string;
  /** Of the tool, where the row or its call says it. */
  readonly name?: string;
}

/** Texts of the chat format around. */
export interface TurnTexts {
  /** Between an answer and the next user turn. */
  readonly separator: string;
  /** A user turn up to where its answer begins. */
  turn(query: string): string;
}

/** What becomes of a conversation's beginning where it has tools. */
export interface Definitions {
  /** The system prompt. */
  readonly system: string;
  /** The first question, where the format changes it. */
  readonly question?: string;
}

/** An answer that tools replied to, as it ends then, and what stands between it and the next answer, which is not learned. */
export interface Reply {
  readonly answer: string;
  readonly between: string;
}

/**
 * What the beginning of a text is: so many characters of `text` or of calls. Undefined: more has to be known. What it says of a
 * text, it says of every longer one too, until the text `isWhole`, of which it always says something.
 */
export type Scan = (
  text: string,
  isWhole: boolean,
  tools: readonly Tool[],
) =>
  { readonly kind: 'text' | 'calls'; readonly length: number; readonly calls?: readonly Call[] } | undefined;

export interface Agent {
  /** @param system undefined where a conversation has none, and the chat format none of its own */
  define(tools: readonly Tool[], system: string | undefined, question: string): Definitions;
  /** An answer with the calls that follow what it says; `calls` has at least one. */
  answer(said: string, calls: readonly Call[]): string;
  /** An answer that is all calls begins without what answers begin with by the chat format. */
  readonly opensBare?: boolean;
  /** @param calls those that the results answer, in order, as far as they are known */
  reply(answer: string, results: readonly ToolResult[], calls: readonly Call[], around: TurnTexts): Reply;
  /** Tells calls in an answer from text. */
  readonly scan: Scan;
  /** Texts that end an answer, beside those of the chat format. */
  readonly stopWords?: readonly string[];
}

export interface AgentMeta {
  readonly id: string;
  readonly summary: string;
  /** Further ids of the same format, each with its summary. */
  readonly also?: Readonly<Record<string, string>>;
}
