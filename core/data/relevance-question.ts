import type { StandardRow } from '../contracts/row.js';
import type { RelevanceWords, Template } from '../contracts/template.js';
import { MEDIA_KINDS } from '../contracts/media.js';
import { SwiftError } from '../errors.js';
import { joinMedia, withTags } from './preprocess/media.js';

/** The tokens that answer whether a document belongs to a question, where nobody names others. */
export const VERDICT = ['yes', 'no'] as const;

/** Of Qwen3-Reranker (https://huggingface.co/Qwen/Qwen3-Reranker-0.6B). */
const WORDS: RelevanceWords = {
  instruction: 'Given a web search query, retrieve relevant passages that answer the query',
  text: '<Instruct>: {{INSTRUCTION}}\n<Query>: {{QUERY}}\n<Document>: {{DOCUMENT}}',
};

/**
 * How a model is asked whether a document, the answer, belongs to a query, with the system prompt of the row as its instruction. Media
 * of the row are the query's; a document holds its own.
 * @throws SwiftError BAD_ROW for a conversation that is not one question and its answer
 */
export function relevanceQuestion(
  row: StandardRow,
  { relevance: { instruction, text } = WORDS }: Pick<Template, 'relevance'> = {},
): StandardRow {
  const system = row.messages[0]?.role === 'system' ? row.messages[0].content : undefined;
  const [query, document, ...more] = row.messages.slice(system === undefined ? 0 : 1);
  if (query?.role !== 'user' || document?.role !== 'assistant' || more.length > 0) {
    throw new SwiftError('BAD_ROW', 'the row is not one query with one document.', {
      cure: 'Give it {"role": "user", "content": <the query>} and then {"role": "assistant", "content": <the document>}.',
    });
  }
  const tagged = query.content + document.content;
  const said: Readonly<Record<string, string>> = {
    INSTRUCTION: system || instruction,
    QUERY: withTags(query.content, joinMedia(row, document), MEDIA_KINDS, tagged),
    DOCUMENT: document.content,
  };
  const content = text.replace(/\{\{([A-Z]+)\}\}/g, (_, name: string) => said[name]);
  const { images, videos, audios } = document;
  return { ...row, messages: [{ role: 'user', content, images, videos, audios }] };
}
