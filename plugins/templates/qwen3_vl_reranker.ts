import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-VL-Reranker-2B */
@template({ id: 'qwen3_vl_reranker', summary: 'ChatML of Qwen3-VL-Reranker, answered yes or no' })
export class Qwen3VlReranker extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    default_system:
      'Judge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the answer can only be "yes" or "no".',
    relevance: {
      instruction: 'Given a search query, retrieve relevant candidates that answer the query.',
      text: '<Instruct>: {{INSTRUCTION}}<Query>:{{QUERY}}\n<Document>:{{DOCUMENT}}',
    },
  };
}
