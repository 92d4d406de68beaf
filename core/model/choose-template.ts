import type { Log } from '../contracts/log.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import type { Plugins } from '../registry/plugins.js';
import {
  chatTemplateDifference,
  covers,
  createJinjaTemplate,
  describeDifference,
  ownFingerprints,
  saysTheSame,
} from '../template/index.js';

/** Id that stands for the checkpoint's own Jinja chat template. */
export const OWN_TEMPLATE = 'chat_template';

export interface TemplateWishes {
  /** What the user names, else what the registered checkpoint names. */
  readonly wanted?: string;
  /** What the model's family uses. */
  readonly family: string;
}

export interface ChosenTemplate {
  readonly template: Template;
  readonly templateId: string;
}

/**
 * The template a model is trained and asked with: the one named, else the registered one that renders as the
 * checkpoint's own chat template does, else that one itself, else the family's. A named template that renders
 * otherwise than the checkpoint's own is used, and said.
 */
export async function chooseTemplate(
  { wanted, family }: TemplateWishes,
  tokenizer: Tokenizer,
  { plugins, log }: { readonly plugins: Plugins; readonly log: Log },
): Promise<ChosenTemplate> {
  if (wanted === undefined && tokenizer.chat_template !== undefined) {
    const found = await registeredAs(tokenizer, family, plugins);
    if (found !== undefined) return found;
    log.info("template: the checkpoint's own chat template, which no registered one renders alike");
    return { template: await createJinjaTemplate(tokenizer), templateId: OWN_TEMPLATE };
  }
  const templateId = wanted ?? family;
  if (templateId === OWN_TEMPLATE) return { template: await createJinjaTemplate(tokenizer), templateId };
  const { instance: template } = await plugins.resolve('template', templateId);
  const difference = await chatTemplateDifference(template, tokenizer);
  if (difference !== undefined)
    log.warn(`template ${templateId} differs from the model's own: ${describeDifference(difference)}`);
  return { template, templateId };
}

/** The registered template that says what the checkpoint's own says; the family's if several do, else the first by id. */
async function registeredAs(
  tokenizer: Tokenizer,
  family: string,
  plugins: Plugins,
): Promise<ChosenTemplate | undefined> {
  const own = await ownFingerprints(tokenizer);
  const ids = plugins.catalog
    .list('template')
    .filter(({ fingerprint }) => fingerprint && own.some((one) => covers(fingerprint, one)))
    .map(({ id }) => id)
    .sort();
  for (const templateId of ids.includes(family) ? [family, ...ids] : ids) {
    const { instance: template } = await plugins.resolve('template', templateId);
    if (await saysTheSame(template, tokenizer)) return { template, templateId };
  }
  return undefined;
}
