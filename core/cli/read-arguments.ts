/** A command's arguments, once the plugins that its words name are there to say what they take. */
import { commandLine, pluginsNamed, type CommandValues, type Hears } from '../config/command-line.js';
import type { CommandName } from '../config/commands.js';
import { loadPlugins } from '../registry/load-plugins.js';

export async function readArguments<C extends CommandName>(
  command: C,
  argv: readonly string[],
  log: Hears,
): Promise<CommandValues<C>> {
  await loadPlugins(pluginsNamed(argv));
  return commandLine(command, argv, log);
}
