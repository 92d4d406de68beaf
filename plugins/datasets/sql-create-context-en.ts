import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/b-mc2/sql-create-context */
@dataset({
  id: 'sql-create-context-en',
  summary: 'Questions and table definitions to SQL, English',
  hf: 'b-mc2/sql-create-context',
  ms: 'AI-ModelScope/sql-create-context',
  tags: ['chat', 'sql'],
})
export class SqlCreateContextEn extends ColumnPreprocessor {
  readonly columns = { question: 'instruction', context: 'input', answer: 'output' };
}
