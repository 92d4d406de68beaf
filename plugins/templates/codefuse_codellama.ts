import { SpecTemplate, template } from 'swift-ts/plugin';
import { CODEFUSE_CODELLAMA } from './_renamed.js';

/** The id that SWIFT 3 and later give codefuse-codellama. */
@template({ id: 'codefuse_codellama', summary: 'codefuse-codellama under its later id' })
export class CodefuseCodellamaRenamed extends SpecTemplate {
  readonly spec = CODEFUSE_CODELLAMA;
}
