/** What a model reads before it answers: a request as ids, with media among them. */
import type { PromptRequest } from '../contracts/infer-backend.js';
import type { SizedImage } from '../contracts/grounding.js';
import type { SampleMedia } from '../contracts/processor.js';
import type { Message, StandardRow } from '../contracts/row.js';
import {
  imageSizes,
  joinMedia,
  liftMedia,
  openMedia,
  placeObjects,
  seePrompt,
  without,
  type MediaFiles,
} from '../data/index.js';
import { SwiftError } from '../errors.js';
import type { LoadedModel } from '../model/load-model.js';
import { refuseMedia } from '../template/index.js';
import { encodeText } from './plain-text.js';

export interface ReadPrompt {
  readonly ids: readonly number[];
  /** Media among the ids. */
  readonly media?: SampleMedia;
  /** Its images. */
  readonly images?: readonly SizedImage[];
}

type Reader = Pick<LoadedModel, 'template' | 'tokenizer'>;

export class PromptReader {
  /** @param files opens media; absent for a model of text */
  constructor(
    private readonly loaded: Reader,
    readonly files?: MediaFiles,
  ) {}

  /** A request without media, which takes no waiting. @throws SwiftError BAD_TEMPLATE for one that has them */
  text({ prompt, system, tools, ...own }: PromptRequest): number[] {
    const { template, tokenizer } = this.loaded;
    if (typeof prompt === 'string') return [...encodeText(tokenizer, prompt)];
    const lifted = liftMedia(prompt);
    refuseMedia(joinMedia(lifted.media, own));
    return template.prompt(lifted.messages, tokenizer, { system, tools });
  }

  /** A row whose texts speak of its objects as the model does. @throws SwiftError for one that has them where no image is taken in */
  async spoken(row: StandardRow, folder: string): Promise<StandardRow> {
    const { files } = this;
    if (!row.objects) return row;
    if (!files) refuseMedia({ objects: row.objects });
    const opened = await openMedia(row, files!, folder);
    return placeObjects(row, imageSizes(opened), files!.grounding);
  }

  /** @throws SwiftError for media that cannot be opened or taken in */
  async read(request: PromptRequest): Promise<ReadPrompt> {
    const { files } = this;
    if (typeof request.prompt === 'string' || !files) return { ids: this.text(request) };
    const { messages, media: lifted } = liftMedia(request.prompt);
    const all = joinMedia(lifted, request);
    refuseMedia(without(all, files.kinds));
    const opened = await openMedia(all, files, request.folder);
    const { template, tokenizer } = this.loaded;
    const { system, tools } = request;
    const seen = seePrompt(messages, opened, tokenizer, files);
    const ids = template.prompt(seen.messages as Message[], tokenizer, { system, tools });
    const media = seen.media(ids);
    if (media !== 'torn') return { ids: ids.slice(seen.read(ids)), media, images: imageSizes(opened) };
    throw new SwiftError('BAD_TEMPLATE', 'the template leaves media out of the prompt', {
      cure: "Choose another: --template_type; or leave it to the model's own.",
    });
  }
}
