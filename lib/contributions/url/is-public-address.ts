import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What is not the public Internet, after the IANA registries of special-purpose addresses (RFC 6890). */
const special4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
/** Inside 2000::/3; what is outside of it is not global. 2001::/23 holds Teredo, 2002::/16 is 6to4: both lead to IPv4 addresses. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const closed4 = blockList(special4, 'ipv4');
const closed6 = blockList(special6, 'ipv6');
const global6 = blockList(['2000::/3'], 'ipv6');

/** Whether an IP address is one of the public Internet: no private, local, shared, mapped, translated, test or multicast one. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed4.check(address, 'ipv4');
  return isIPv6(address) && global6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}

function blockList(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net, bits] = subnet.split('/') as [string, string];
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}
