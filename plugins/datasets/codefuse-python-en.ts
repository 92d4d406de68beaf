import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/codefuse-ai/CodeExercise-Python-27k */
@dataset({
  id: 'codefuse-python-en',
  summary: '27,000 Python exercises',
  ms: 'codefuse-ai/CodeExercise-Python-27k',
  tags: ['chat', 'coding'],
})
export class CodefusePythonEn extends ColumnPreprocessor {
  readonly columns = { chat_rounds: 'messages' };
}
