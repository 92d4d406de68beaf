/** What a model reads before it answers: a request as ids, with pictures among them. */
import type { PromptRequest } from '../contracts/infer-backend.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { Message } from '../contracts/row.js';
import { liftImages, seePrompt, type Pictures } from '../data/index.js';
import { SwiftError } from '../errors.js';
import type { LoadedModel } from '../model/load-model.js';
import { refuseMedia } from '../template/index.js';
import { encodeText } from './plain-text.js';

export interface ReadPrompt {
  readonly ids: readonly number[];
  /** Pictures among the ids. */
  readonly media?: SampleMedia;
}

type Reader = Pick<LoadedModel, 'template' | 'tokenizer'>;

export class PromptReader {
  /** @param pictures opens pictures; absent for a model of text */
  constructor(
    private readonly loaded: Reader,
    readonly pictures?: Pictures,
  ) {}

  /** A request without images, which takes no waiting. @throws SwiftError UNSUPPORTED_MEDIA for one that has them */
  text({ prompt, images, system, tools }: PromptRequest): number[] {
    const { template, tokenizer } = this.loaded;
    if (typeof prompt === 'string') return [...encodeText(tokenizer, prompt)];
    const lifted = liftImages(prompt);
    refuseMedia({ images: [...lifted.images, ...(images ?? [])] });
    return template.prompt(lifted.messages, tokenizer, { system, tools });
  }

  /** @throws SwiftError for images that cannot be opened or seen */
  async read(request: PromptRequest): Promise<ReadPrompt> {
    const { pictures } = this;
    if (typeof request.prompt === 'string' || !pictures) return { ids: this.text(request) };
    const { messages, images } = liftImages(request.prompt);
    const opened = [];
    for (const source of [...images, ...(request.images ?? [])])
      opened.push(await pictures.open(source, request.folder));
    const { template, tokenizer } = this.loaded;
    const { system, tools } = request;
    const seen = seePrompt(messages, opened, tokenizer, pictures);
    const ids = template.prompt(seen.messages as Message[], tokenizer, { system, tools });
    const media = seen.media(ids);
    if (media !== 'torn') return { ids, media };
    throw new SwiftError('BAD_TEMPLATE', 'the template leaves images out of the prompt', {
      cure: "Choose another: --template_type; or leave it to the model's own.",
    });
  }
}
