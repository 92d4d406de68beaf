import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** As SWIFT writes it; its own code (https://huggingface.co/jinaai/jina-reranker-m0) puts the document first. */
@template({ id: 'jina_reranker_m0', summary: 'A query and a document for jina-reranker-m0' })
export class JinaRerankerM0 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['\n**Query**:\n{{QUERY}}\n**Document**:\n'],
    chat_sep: null,
    suffix: [],
  };
}
