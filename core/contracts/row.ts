/** The standard row: what every dataset becomes before a template encodes it. */

import type { Place } from './grounding.js';
import type { MediaLists } from './media.js';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface ToolCall {
  readonly id?: string;
  readonly type?: 'function';
  readonly function: { readonly name: string; readonly arguments: string | Record<string, unknown> };
}

/** One message in OpenAI's shape. Media that it brings stand for the tags `<image>`, `<video>`, `<audio>` in its content, in order; a row has them in lists of its own. */
export interface Message extends MediaLists {
  readonly role: Role;
  readonly content: string;
  /** Of a conversation's first message: what stands right behind the beginning of the whole text, before its first turn. */
  readonly lead?: string;
  /** What an assistant thought before it answered. */
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCall[];
  /** The call that a tool message answers. */
  readonly tool_call_id?: string;
  /** Of the tool that answers, or of a participant. */
  readonly name?: string;
  /** Overrides whether an assistant turn is supervised. */
  readonly loss?: boolean;
  /** Weight of every token of an assistant turn, in place of what `--loss_scale` says of its text. */
  readonly loss_scale?: number;
}

/** What a row is held against: whether its answer is a good one; or a class, classes, a number or numbers, as its task has it. */
export type RowLabel = boolean | number | readonly number[];

/** Its media are in the order of their tags in its messages. */
export interface StandardRow extends MediaLists {
  readonly messages: readonly Message[];
  readonly tools?: readonly unknown[];
  readonly rejected_response?: string;
  /** A whole conversation that is worse than `messages`, where more than the last answer's text differs. */
  readonly rejected_messages?: readonly Message[];
  /** Conversations, or ends of this one, that belong to it, and those that do not; to embedding models and rerankers. Their messages hold their media. */
  readonly positive_messages?: readonly (readonly Message[])[];
  readonly negative_messages?: readonly (readonly Message[])[];
  readonly label?: RowLabel;
  /** By how much the chosen answer should be ahead of the rejected one, to a reward model. */
  readonly margin?: number;
  /** What kind of row it is, for losses that are logged apart. */
  readonly channel?: string;
  /** What the tags `<ref-object>` and `<bbox>` in its messages stand for. */
  readonly objects?: RowObjects;
  /** The row as it was read, where rewards look at more than the conversation; of a preprocessor, what it adds to that. */
  readonly columns?: RawRow;
}

/** Things in the images of a row: names in the order of the tags `<ref-object>`, places in that of the tags `<bbox>`. */
export interface RowObjects {
  readonly ref: readonly string[];
  readonly bbox: readonly ObjectPlaces[];
}

/** Where one thing is, or several of one kind. */
export interface ObjectPlaces {
  readonly places: readonly Place[];
  /** Numbers of pixels, or of 1 or 1000 parts of the image's sides. */
  readonly unit: 'real' | 'norm1' | 'norm1000';
  /** The number of its image among the row's. */
  readonly image: number;
}

/** A row that a model is asked while it trains, and what rewards may look at beside the answer. */
export interface AskedRow {
  /** Up to where the model answers. */
  readonly messages: readonly Message[];
  readonly tools?: readonly unknown[];
  /** The answer that the row itself ends with. */
  readonly expected?: string;
  /** The row as it was read. */
  readonly columns: RawRow;
}

/** A row as a file or hub delivers it. */
export type RawRow = Readonly<Record<string, unknown>>;

/** Where a raw row came from, for error messages: `data.jsonl:17`. */
export interface RowOrigin {
  readonly file: string;
  /** 1-based line (jsonl, csv) or row number (json, parquet). */
  readonly line: number;
}
