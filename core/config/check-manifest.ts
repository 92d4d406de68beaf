/** What a package's plugins declare, held against itself and this package before it is written down. */
import { commandArguments, type CommandName } from './commands.js';
import { kindsOf } from './command-schema.js';
import { argumentsOf, checkClaims, ownerOf } from './plugin-arguments.js';
import { Catalog } from '../registry/catalog.js';
import { ownSource, type Manifest, type PluginSource } from '../registry/manifest.js';

const OWN = 'swift-ts';

/**
 * @param name of the package
 * @throws SwiftError BAD_PLUGIN for what are no arguments, DUPLICATE_PLUGIN naming two who mean different things by a name
 */
export function checkManifest(name: string, manifest: Manifest): void {
  const fresh: PluginSource = { name, manifest, moduleUrl: ({ module }) => module };
  const catalog = new Catalog(name === OWN ? [fresh] : [ownSource(), fresh]);
  for (const command of Object.keys(commandArguments) as CommandName[]) {
    const claims = kindsOf(command).flatMap((kind) =>
      catalog.list(kind).map((entry) => ({
        owner: ownerOf(kind, entry),
        arguments: argumentsOf(kind, entry),
        // A loss has options of its own: what `beta` weighs, and how much, is not the same in two of them.
        oneOf: kind === 'trainer' ? kind : undefined,
      })),
    );
    checkClaims([{ owner: `swift ${command}`, arguments: commandArguments[command] }, ...claims]);
  }
}
