import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN_EMBEDDING } from './_chatml.js';

/** https://huggingface.co/Alibaba-NLP/gme-Qwen2-VL-2B-Instruct */
@template({ id: 'qwen2_gme', summary: 'ChatML that ends in <|endoftext|>, of GME' })
export class Qwen2Gme extends SpecTemplate {
  readonly spec = { ...QWEN_EMBEDDING, default_system: 'You are a helpful assistant.' };
}
