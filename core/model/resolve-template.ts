/** Registered templates, each with its format of tools. */
import type { Agent } from '../contracts/agent.js';
import type { Template, TemplateMeta } from '../contracts/template.js';
import type { Plugins } from '../registry/plugins.js';

/**
 * @param agent the format of tools that is asked for; the template's own when absent
 * @throws SwiftError UNKNOWN_PLUGIN
 */
export async function resolveTemplate(
  plugins: Plugins,
  id: string,
  agent?: string,
): Promise<{ readonly id: string; readonly template: Template }> {
  const { id: found, instance: template, meta } = await plugins.resolve('template', id);
  template.agent = await resolveAgent(plugins, agent ?? agentOf(meta, found));
  return { id: found, template };
}

/** The format of tools that a registered template has. @throws SwiftError UNKNOWN_PLUGIN */
export async function agentOfTemplate(plugins: Plugins, id: string): Promise<Agent | undefined> {
  const { id: found, meta } = await plugins.resolve('template', id);
  return resolveAgent(plugins, agentOf(meta, found));
}

export async function resolveAgent(plugins: Plugins, id: string | undefined): Promise<Agent | undefined> {
  return id === undefined ? undefined : (await plugins.resolve('agent', id)).instance;
}

const agentOf = ({ agent }: TemplateMeta, id: string): string | undefined =>
  typeof agent === 'object' ? agent[id] : agent;
