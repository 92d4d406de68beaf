import { SpecTemplate, template } from 'swift-ts/plugin';
import { CODEFUSE_CODELLAMA } from './_renamed.js';

/** https://huggingface.co/codefuse-ai/CodeFuse-CodeLlama-34B */
@template({ id: 'codefuse-codellama', summary: '<|role_start|> turns of CodeFuse-CodeLlama' })
export class CodefuseCodellama extends SpecTemplate {
  readonly spec = CODEFUSE_CODELLAMA;
}
