import type { StandardRow } from '../contracts/row.js';
import { SwiftError } from '../errors.js';

/** The tokens that answer whether a document belongs to a question, where nobody names others. */
export const VERDICT = ['yes', 'no'] as const;

const INSTRUCTION = 'Given a web search query, retrieve relevant passages that answer the query';

/**
 * How a model is asked whether a document, the answer, belongs to a query: in the words of Qwen3-Reranker
 * (https://huggingface.co/Qwen/Qwen3-Reranker-0.6B), with the system prompt of the row as its instruction.
 * @throws SwiftError BAD_ROW for a conversation that is not one question and its answer
 */
export function relevanceQuestion(row: StandardRow): StandardRow {
  const system = row.messages[0]?.role === 'system' ? row.messages[0].content : undefined;
  const [query, document, ...more] = row.messages.slice(system === undefined ? 0 : 1);
  if (query?.role !== 'user' || document?.role !== 'assistant' || more.length > 0) {
    throw new SwiftError('BAD_ROW', 'the row is not one query with one document.', {
      cure: 'Give it {"role": "user", "content": <the query>} and then {"role": "assistant", "content": <the document>}.',
    });
  }
  const content = `<Instruct>: ${system || INSTRUCTION}\n<Query>: ${query.content}\n<Document>: ${document.content}`;
  return { ...row, messages: [{ role: 'user', content }] };
}
