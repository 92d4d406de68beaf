import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/BelleGroup/generated_chat_0.4M */
@dataset({
  id: 'generated-chat-zh',
  summary: '400,000 role-play dialogues, Chinese',
  hf: 'BelleGroup/generated_chat_0.4M',
  ms: 'AI-ModelScope/generated_chat_0.4M',
  tags: ['chat', 'character-dialogue'],
})
export class GeneratedChatZh extends AutoPreprocessor {}
