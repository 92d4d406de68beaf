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

/** What the encoder is asked for a task, as its authors' processor asks it. */
const TASKS: Readonly<Record<string, string>> = {
  '<OCR>': 'What is the text in the image?',
  '<OCR_WITH_REGION>': 'What is the text in the image, with regions?',
  '<CAPTION>': 'What does the image describe?',
  '<DETAILED_CAPTION>': 'Describe in detail what is shown in the image.',
  '<MORE_DETAILED_CAPTION>': 'Describe with a paragraph what is shown in the image.',
  '<OD>': 'Locate the objects with category name in the image.',
  '<DENSE_REGION_CAPTION>': 'Locate the objects in the image, with their descriptions.',
  '<REGION_PROPOSAL>': 'Locate the region proposals in the image.',
};

/** Of tasks about something. */
const TASKS_OF: Readonly<Record<string, (what: string) => string>> = {
  '<CAPTION_TO_PHRASE_GROUNDING>': (what) => `Locate the phrases in the caption: ${what}`,
  '<REFERRING_EXPRESSION_SEGMENTATION>': (what) => `Locate ${what} in the image with mask`,
  '<REGION_TO_SEGMENTATION>': (what) => `What is the polygon mask of region ${what}`,
  '<OPEN_VOCABULARY_DETECTION>': (what) => `Locate ${what} in the image.`,
  '<REGION_TO_CATEGORY>': (what) => `What is the region ${what}?`,
  '<REGION_TO_DESCRIPTION>': (what) => `What does the region ${what} describe?`,
  '<REGION_TO_OCR>': (what) => `What text is in the region ${what}?`,
};

/**
 * Florence-2: the encoder reads a question, or a task such as `<OD>`, through its `</s>`; behind it the decoder begins with `</s>` and
 * `<s>`. https://huggingface.co/microsoft/Florence-2-base/blob/main/processing_florence2.py
 */
@template({
  id: 'florence',
  summary: 'Florence-2: a question or task for the encoder, an answer of the decoder',
})
export class Florence extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: null,
    prompt: ['{{QUERY}}</s></s>'],
    response: ['<s>{{RESPONSE}}'],
    chat_sep: null,
    suffix: ['</s>'],
    generation_prefix: '<s>',
  };

  override encode(row: StandardRow, tokenizer: Tokenizer, options?: EncodeOptions): EncodeResult {
    return super.encode({ ...row, messages: row.messages.map(asked) }, tokenizer, options);
  }

  override prompt(messages: readonly Message[], tokenizer: Tokenizer, options?: EncodeOptions): number[] {
    return super.prompt(messages.map(asked), tokenizer, options);
  }
}

/** A question in place of a task. */
function asked(message: Message): Message {
  if (message.role !== 'user') return message;
  const { content } = message;
  const task = Object.keys(TASKS_OF).find((name) => content.includes(name));
  if (task === undefined) return { ...message, content: TASKS[content] ?? content };
  return { ...message, content: TASKS_OF[task](content.replaceAll(task, '').trim()) };
}
