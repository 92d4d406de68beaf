import {
  SpecTemplate,
  template,
  type EncodeOptions,
  type EncodeResult,
  type Message,
  type StandardRow,
  type TemplateSpec,
  type Tokenizer,
} from 'swift-ts/plugin';

/**
 * https://huggingface.co/HuggingFaceTB/SmolVLM2-2.2B-Instruct/blob/main/chat_template.json: a blank stands behind each colon, but before
 * the picture that a message begins with.
 */
@template({ id: 'smolvlm', summary: 'User: and Assistant: of SmolVLM' })
export class SmolVlm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|im_start|>'],
    system_prefix: ['<|im_start|>System: {{SYSTEM}}<end_of_utterance>\n'],
    prompt: ['User:{{QUERY}}<end_of_utterance>\nAssistant:'],
    response: [' {{RESPONSE}}'],
    chat_sep: ['<end_of_utterance>\n'],
    suffix: ['<end_of_utterance>'],
  };

  override encode(row: StandardRow, tokenizer: Tokenizer, options?: EncodeOptions): EncodeResult {
    return super.encode({ ...row, messages: row.messages.map(withBlank) }, tokenizer, options);
  }

  override prompt(messages: readonly Message[], tokenizer: Tokenizer, options?: EncodeOptions): number[] {
    return super.prompt(messages.map(withBlank), tokenizer, options);
  }
}

function withBlank(message: Message): Message {
  const { role, content } = message;
  if (role !== 'user' || content.startsWith('<fake_token_around_image>')) return message;
  return { ...message, content: ` ${content}` };
}
