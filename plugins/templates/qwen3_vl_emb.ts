import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN_EMBEDDING } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-VL-Embedding-2B */
@template({ id: 'qwen3_vl_emb', summary: 'ChatML that ends in <|endoftext|>, of Qwen3-VL-Embedding' })
export class Qwen3VlEmb extends SpecTemplate {
  readonly spec = { ...QWEN_EMBEDDING, default_system: "Represent the user's input." };
}
