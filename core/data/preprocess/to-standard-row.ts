import type { PreprocessContext } from '../../contracts/preprocessor.js';
import { MEDIA_FIELDS } from '../../contracts/media.js';
import type { Message, RawRow, RowLabel, StandardRow } from '../../contracts/row.js';
import { SwiftError } from '../../errors.js';
import { rowObjects } from '../grounding/row-objects.js';
import { badField, has, listOf, numberOf, optionalText, textOf } from './fields.js';
import {
  conversationMedia,
  countMedia,
  joinMedia,
  liftMedia,
  MEDIA_COLUMNS,
  rowMedia,
  tagged,
} from './media.js';
import type { Unused } from './message-fields.js';
import { messagesOf } from './messages.js';
import { chosenMessages, isPreference, rejectedOf } from './preferences.js';

/** Field names that mean a question or an answer where the row has no better-known shape. */
const QUERY_NAMES = ['prompt', 'question', 'problem', 'input', 'instruction'];
const RESPONSE_NAMES = ['completion', 'answer', 'output', 'target', 'targets', 'solution'];
const MESSAGE_FIELDS = ['messages', 'conversations', 'conversation'];

/** All fields that mean something in some row. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...MESSAGE_FIELDS,
  ...['query', ...QUERY_NAMES, 'response', ...RESPONSE_NAMES, 'text', 'history', 'system', 'system_prompt'],
  ...['chosen', 'rejected', 'rejected_response', 'rejected_messages', 'rejected_images'],
  ...['positive_messages', 'negative_messages', 'tools', 'objects', 'label', 'margin', 'channel'],
  ...MEDIA_COLUMNS,
  ...['positive', 'negative'].flatMap((side) =>
    Object.values(MEDIA_FIELDS).map((field) => `${side}_${field}`),
  ),
]);

/** Counts the fields of a row that mean nothing in any, such as misspelt ones. */
export function countUnknown(raw: RawRow, unused: Unused): void {
  for (const field of Object.keys(raw))
    if (!KNOWN_FIELDS.has(field) && has(raw, field)) unused(`column ${field}`);
}

/**
 * Recognizes a row by its fields and makes a standard row of it. In order: messages; conversations; conversation;
 * chosen with rejected; instruction with output, or with input and any answer (Alpaca); query/response (SWIFT); text; a question and an answer
 * under other usual names. `system`, `history`, `tools`, `rejected_response` or `rejected_messages`, `label` and media go along.
 *
 * @returns undefined for a row whose answer is missing or empty, unless `questions` are wanted.
 * @throws SwiftError BAD_ROW naming the field and the expected shape.
 */
export function toStandardRow(raw: RawRow, context: PreprocessContext = {}): StandardRow | undefined {
  const unused = context.unused ?? (() => {});
  const said = messagesFor(raw, context.questions === true, unused);
  if (said === undefined) return undefined;
  const rejected = rejectedOf(raw, said, unused);
  const { messages, media } = liftMedia(said);
  const worse = rejected.rejected_messages && liftMedia(rejected.rejected_messages);
  return {
    messages: withSystem(raw, messages, unused),
    ...rejected,
    ...heldAgainst(raw, unused),
    ...(worse && { rejected_messages: withSystem(raw, worse.messages, () => {}) }),
    ...rowMedia(raw, media, worse?.media),
    ...extras(raw, unused),
  };
}

/** The messages behind the row's system prompt, which may stand in a field of its own or be the first message. */
function withSystem(raw: RawRow, messages: Message[], unused: Unused): Message[] {
  const said = ['system', 'system_prompt'].flatMap((field) => {
    const text = optionalText(raw, field) ?? '';
    return text === '' ? [] : [{ field, text }];
  });
  const [first] = messages;
  if (first.role === 'system') said.push({ field: 'messages[0]', text: first.content });
  const other = said.find(({ text }) => text !== said[0].text);
  if (other !== undefined) {
    throw new SwiftError(
      'BAD_ROW',
      `'${said[0].field}' and '${other.field}' are two different system prompts.`,
      {
        cure: 'Keep one of them, or join them.',
      },
    );
  }
  if (said.length === 0 || first.role === 'system') return messages;
  if (!messages.some(({ role }) => role === 'user')) {
    unused(`${said[0].field} of a row without a question`);
    return messages;
  }
  return [{ role: 'system', content: said[0].text }, ...messages];
}

function messagesFor(raw: RawRow, questions: boolean, unused: Unused): Message[] | undefined {
  for (const field of MESSAGE_FIELDS) {
    if (!has(raw, field)) continue;
    const messages = messagesOf(raw[field], field, unused);
    if (isPreference(raw) && messages.at(-1)?.role !== 'assistant')
      return nonEmpty(chosenMessages(raw, messages, unused), field, questions);
    if (has(raw, 'chosen')) unused('column chosen');
    return nonEmpty(messages, field, questions);
  }
  if (isPreference(raw)) return preferred(raw, unused);
  const columns = columnsOf(raw, questions);
  if (columns !== undefined) return fromColumns(raw, columns, questions, unused);
  if (has(raw, 'text')) {
    const text = textOf(raw.text, 'text');
    return questions ? [{ role: 'user', content: text }] : answer(text);
  }
  const query = QUERY_NAMES.concat('query').find((name) => has(raw, name));
  const response = answerColumn(raw, query);
  if (query !== undefined && (response !== undefined || questions)) {
    return fromColumns(raw, { query: [query], response }, questions, unused);
  }
  // A join that found nothing leaves null.
  if (MESSAGE_FIELDS.some((field) => raw[field] === null)) return undefined;
  throw unknownShape(raw);
}

interface Columns {
  /** Joined by line breaks. */
  readonly query: readonly string[];
  readonly response: string | undefined;
}

/** The columns of Alpaca and of SWIFT; undefined for rows of other shapes. */
function columnsOf(raw: RawRow, questions: boolean): Columns | undefined {
  if (has(raw, 'instruction') && ('output' in raw || 'input' in raw)) {
    const response = ['output', 'response'].find((name) => name in raw) ?? answerColumn(raw, 'instruction');
    if (response !== undefined || (questions && has(raw, 'input'))) {
      return { query: ['instruction', 'input'], response };
    }
  }
  if (!('response' in raw)) return undefined;
  const query = ['query', ...QUERY_NAMES].find((name) => has(raw, name));
  return { query: query === undefined ? [] : [query], response: 'response' };
}

/** The first usual name of an answer that the row has a value under, or has at all. */
function answerColumn(raw: RawRow, query: string | undefined): string | undefined {
  const names = RESPONSE_NAMES.filter((name) => name !== query && name in raw);
  return names.find((name) => has(raw, name)) ?? names[0];
}

function fromColumns(
  raw: RawRow,
  { query, response }: Columns,
  questions: boolean,
  unused: Unused,
): Message[] | undefined {
  for (const name of ['query', ...QUERY_NAMES, 'response', ...RESPONSE_NAMES]) {
    if (!query.includes(name) && name !== response && has(raw, name)) unused(`column ${name}`);
  }
  const parts = query.map((name) => optionalText(raw, name) ?? '').filter((text) => text !== '');
  return turns(raw, query.length === 0 ? undefined : parts.join('\n'), response, questions);
}

const named = (raw: RawRow, names: readonly string[]): string | undefined => {
  const name = names.find((candidate) => has(raw, candidate));
  return name === undefined ? undefined : textOf(raw[name], name);
};

const answer = (content: string): Message[] | undefined =>
  content === '' ? undefined : [{ role: 'assistant', content }];

/** History, question and answer; without a question the answer is pre-training text. */
function turns(
  raw: RawRow,
  query: string | undefined,
  field: string | undefined,
  questions = false,
): Message[] | undefined {
  const last = answer((field === undefined ? undefined : optionalText(raw, field)) ?? '');
  if (last === undefined && (!questions || query === undefined)) return undefined;
  return [...turnsBefore(raw, query), ...(last ?? [])];
}

function turnsBefore(raw: RawRow, query: string | undefined): Message[] {
  return [...history(raw), ...(query === undefined ? [] : [{ role: 'user' as const, content: query }])];
}

function history(raw: RawRow): Message[] {
  if (!has(raw, 'history') || raw.history === '') return [];
  const expected = 'a list of ["question", "answer"]';
  return listOf(raw.history, 'history', expected).flatMap((entry, i): Message[] => {
    const pair = listOf(entry, `history[${i}]`, '["question", "answer"]');
    if (pair.length !== 2) throw badField(`history[${i}]`, pair, '["question", "answer"]');
    return [
      { role: 'user', content: textOf(pair[0], `history[${i}][0]`) },
      { role: 'assistant', content: textOf(pair[1], `history[${i}][1]`) },
    ];
  });
}

/** A question, or turns, in a column of their own before `chosen`. */
function preferred(raw: RawRow, unused: Unused): Message[] | undefined {
  const prompt = Array.isArray(raw.prompt)
    ? messagesOf(raw.prompt, 'prompt', unused)
    : turnsBefore(raw, optionalText(raw, 'query') ?? named(raw, QUERY_NAMES));
  return nonEmpty(chosenMessages(raw, prompt, unused), 'chosen');
}

function extras(raw: RawRow, unused: Unused): Omit<StandardRow, 'messages'> {
  const tools = has(raw, 'tools') && raw.tools !== '' ? listOf(raw.tools, 'tools', 'a list') : undefined;
  const objects = has(raw, 'objects') && raw.objects !== '' ? rowObjects(raw.objects, unused) : undefined;
  const label = labelOf(raw);
  if (label === undefined && has(raw, 'label') && raw.label !== '') unused('column label');
  const margin = marginOf(raw, unused);
  return {
    ...(tools && { tools }),
    ...(objects && { objects }),
    ...(label !== undefined && { label }),
    ...(margin !== undefined && { margin }),
    ...(has(raw, 'channel') && { channel: textOf(raw.channel, 'channel') }),
  };
}

/** What a row is held against; undefined for a label of another meaning. */
function labelOf({ label }: RawRow): RowLabel | undefined {
  if (typeof label === 'boolean') return label;
  if (Array.isArray(label)) {
    const numbers = label.flatMap((one) => numberOf(one) ?? []);
    return numbers.length === label.length ? numbers : undefined;
  }
  if (typeof label === 'string' && /^(true|false)$/i.test(label)) return label.toLowerCase() === 'true';
  return numberOf(label);
}

/** By how much one answer is better, where two are compared. */
function marginOf(raw: RawRow, unused: Unused): number | undefined {
  if (!has(raw, 'margin')) return undefined;
  const margin = numberOf(raw.margin);
  if (margin !== undefined) return margin;
  if (isPreference(raw)) throw badField('margin', raw.margin, 'a finite number');
  unused('column margin');
  return undefined;
}

/** Conversations that a row's belongs with, or not: a list of them, or one alone. */
function heldAgainst(
  raw: RawRow,
  unused: Unused,
): Pick<StandardRow, 'positive_messages' | 'negative_messages'> {
  const found = (['positive', 'negative'] as const).filter((side) => has(raw, `${side}_messages`));
  return Object.fromEntries(
    found.map((side) => {
      const field = `${side}_messages`;
      const list = listOf(raw[field], field, 'a list of conversations');
      const all = list.every(Array.isArray) ? list : [list];
      return [
        field,
        all.map((one, i) => withOwnMedia(messagesOf(one, `${field}[${i}]`, unused), raw, side, i)),
      ];
    }),
  );
}

/**
 * A conversation whose media are at its messages, a tag for each; they may stand in columns of their own too (`positive_images`), a
 * list for each conversation.
 */
function withOwnMedia(
  messages: readonly Message[],
  raw: RawRow,
  side: 'positive' | 'negative',
  index: number,
): readonly Message[] {
  const field = `${side}_messages[${index}]`;
  if (messages.length === 0) throw badField(field, messages, 'at least one message');
  const columns = conversationMedia(raw, `${side}_`, index);
  if (countMedia(columns) === 0) return messages.map(tagged);
  const own = messages.filter(({ role }) => role !== 'system');
  if (own.length !== 1 || countMedia(joinMedia(...messages)) > 0)
    throw new SwiftError(
      'BAD_ROW',
      `'${side}_images' and its like are for conversations of one message that brings no media itself; ${field} is none.`,
      {
        cure: 'Put the media into its messages.',
      },
    );
  return messages.map((message) => tagged(message === own[0] ? { ...message, ...columns } : message));
}

function nonEmpty(messages: Message[], field: string, questions = false): Message[] | undefined {
  if (messages.length === 0) throw badField(field, messages, 'at least one message');
  const last = messages.findLast(({ role }) => role === 'assistant');
  return last === undefined && !questions ? undefined : messages;
}

function unknownShape(raw: RawRow): SwiftError {
  const fields = Object.keys(raw);
  return new SwiftError('BAD_ROW', `the fields ${fields.join(', ') || '(none)'} are no known row shape.`, {
    cure: [
      'Known shapes: messages | conversations | query, response | instruction, input, output | prompt, chosen, rejected | text.',
      'For other names write a dataset plugin that maps them; docs/adding/dataset.md shows one.',
    ],
  });
}
