import type { Log } from '../contracts/log.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import type { Plugins } from '../registry/plugins.js';
import { agentOfTemplate, resolveAgent, resolveTemplate } from './resolve-template.js';
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
  /** The format of tools that is asked for; the template's own when absent. */
  readonly agent?: string;
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
  { wanted, family, agent }: TemplateWishes,
  tokenizer: Tokenizer,
  { plugins, log }: { readonly plugins: Plugins; readonly log: Log },
): Promise<ChosenTemplate> {
  if (wanted === undefined && tokenizer.chat_template !== undefined) {
    const found = await registeredAs(tokenizer, { family, agent }, plugins);
    if (found !== undefined) return found;
    log.info("template: the checkpoint's own chat template, which no registered one renders alike");
    return ownTemplate(tokenizer, { family, agent }, { plugins, log });
  }
  const templateId = wanted ?? family;
  if (templateId === OWN_TEMPLATE) return ownTemplate(tokenizer, { family, agent }, { plugins, log });
  const { template } = await resolveTemplate(plugins, templateId, agent);
  const difference = await chatTemplateDifference(template, tokenizer);
  if (difference !== undefined)
    log.warn(`template ${templateId} differs from the model's own: ${describeDifference(difference)}`);
  return { template, templateId };
}

/** It says tools itself; a format of tools reads the calls in its answers: the one asked for, else the family's. */
async function ownTemplate(
  tokenizer: Tokenizer,
  { family, agent }: TemplateWishes,
  { plugins, log }: { readonly plugins: Plugins; readonly log: Log },
): Promise<ChosenTemplate> {
  const template = await createJinjaTemplate(tokenizer);
  if (agent !== undefined) {
    log.warn(
      `--agent_template ${agent} reads calls in answers alone: the checkpoint's own chat template says tools itself`,
    );
  }
  template.agent =
    agent === undefined && family !== OWN_TEMPLATE
      ? await agentOfTemplate(plugins, family)
      : await resolveAgent(plugins, agent);
  return { template, templateId: OWN_TEMPLATE };
}

/** The registered template that says what the checkpoint's own says; the family's if several do, else the first by id. */
async function registeredAs(
  tokenizer: Tokenizer,
  { family, agent }: TemplateWishes,
  plugins: Plugins,
): Promise<ChosenTemplate | undefined> {
  const own = await ownFingerprints(tokenizer);
  const ids = plugins.catalog
    .list('template')
    .filter(({ fingerprint }) => fingerprint && own.some((one) => covers(fingerprint, one)))
    .map(({ id }) => id)
    .sort();
  for (const templateId of ids.includes(family) ? [family, ...ids] : ids) {
    const { template } = await resolveTemplate(plugins, templateId);
    if (!(await saysTheSame(template, tokenizer))) continue;
    if (agent !== undefined) template.agent = await resolveAgent(plugins, agent);
    return { template, templateId };
  }
  return undefined;
}
