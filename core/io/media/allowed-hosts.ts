/** Which hosts media of rows are fetched from: rows are written by others, and this machine reaches what they do not. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { SwiftError } from '../../errors.js';

/** This machine, its networks, and addresses that belong to nobody (IANA's special-purpose registries). */
const OWN = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  OWN.addSubnet(network, prefix);
for (const [network, prefix] of [
  ['::', 96],
  // Addresses of the other kind within: NAT64 (RFC 6052, 8215) and 6to4 (RFC 3056).
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fec0::', 10],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  OWN.addSubnet(network, prefix, 'ipv6');

/**
 * Hosts that the variable `SWIFT_MEDIA_HOSTS` names, by commas, and no others; without it, all but this machine and those of its own
 * network.
 * @throws SwiftError BAD_ROW; an error of the resolver
 */
export async function checkHost({ hostname }: URL, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const named = env.SWIFT_MEDIA_HOSTS?.split(',').flatMap((one) => one.trim().toLowerCase() || []);
  if (named?.includes(host)) return;
  if (named) throw refused(host, `no host of SWIFT_MEDIA_HOSTS (${named.join(', ')})`);
  const found = isIP(host) > 0 ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true });
  if (found.some(({ address, family }) => OWN.check(address, family === 6 ? 'ipv6' : 'ipv4')))
    throw refused(host, 'in the network of this machine');
}

const refused = (host: string, why: string): SwiftError =>
  new SwiftError('BAD_ROW', `media of rows are not fetched from ${host}: it is ${why}`, {
    cure: `SWIFT_MEDIA_HOSTS=${host} (several by commas) allows it; or save the files beside the data and give their paths.`,
  });
