"""network-config-analyzer's answer for many clusters in one process.

Takes on standard input, line by line, a cluster: its `objects`, and the `addresses` asked about. Writes for each a line:
`pairs` (from, to, and the open ports as ranges) and `addresses` (pod, direction, address, open ports).
"""

import contextlib
import ipaddress
import json
import os
import sys

from nca.CoreDS.Peer import BasePeerSet, IpBlock, IPNetworkAddress
from nca.NetworkConfig.NetworkConfig import NetworkConfig
from nca.NetworkConfig.PeerContainer import PeerContainer
from nca.NetworkConfig.PoliciesFinder import PoliciesFinder
from nca.NetworkConfig.TopologyObjectsFinder import NamespacesFinder, PodsFinder
from nca.Utils.NcaLogger import NcaLogger

PROTOCOLS = {6: "TCP", 17: "UDP", 132: "SCTP"}


def config_of(objects):
    """The objects as nca's own scanner hands them to its parsers."""
    BasePeerSet.reset()
    namespaces, pods, policies = NamespacesFinder(), PodsFinder(), PoliciesFinder()
    for found in objects:
        namespaces.parse_yaml_code_for_ns(found)
    pods.namespaces_finder = namespaces
    for found in objects:
        pods.add_eps_from_yaml(found)
    peers = PeerContainer(pods.peer_set, namespaces.namespaces, [], pods.representative_peers)
    policies.set_peer_container(peers)
    for found in objects:
        policies.parse_yaml_code_for_policy(found, "cluster")
    policies.parse_policies_in_parse_queue()
    return NetworkConfig("cluster", peers, policies)


def ranges(cube):
    """The ports of a cube: `[protocol, first, last]`."""
    ports = [(part.start, part.end) for part in cube["dst_ports"].port_set.interval_set]
    for number, name in PROTOCOLS.items():
        if any(part.start <= number <= part.end for part in cube["protocols"].interval_set):
            yield from ([name, first, last] for first, last in ports)


def ends(peers, addresses):
    """The pods of a set, and which of the addresses are in it."""
    blocks = [peer for peer in peers if isinstance(peer, IpBlock)]
    pods = [peer.full_name() for peer in peers if not isinstance(peer, IpBlock)]
    inside = [
        text
        for text, address in addresses
        if any(part.start <= address <= part.end for block in blocks for part in block.interval_set)
    ]
    return pods, inside


def answer(cluster):
    addresses = [(text, IPNetworkAddress(ipaddress.ip_address(text))) for text in cluster["addresses"]]
    connections = config_of(cluster["objects"]).allowed_connections().all_allowed_conns
    pairs, outside = {}, {}
    for parts in connections:
        cube = connections.get_connectivity_cube(parts)
        open_ports = list(ranges(cube))
        sources, from_addresses = ends(cube["src_peers"], addresses)
        targets, to_addresses = ends(cube["dst_peers"], addresses)
        for source in sources:
            for target in targets:
                pairs.setdefault((source, target), []).extend(open_ports)
            for address in to_addresses:
                outside.setdefault((source, "egress", address), []).extend(open_ports)
        for target in targets:
            for address in from_addresses:
                outside.setdefault((target, "ingress", address), []).extend(open_ports)
    listed = [[[*key, value] for key, value in found.items()] for found in (pairs, outside)]
    return dict(zip(("pairs", "addresses"), listed))


def main():
    NcaLogger().mute()
    for line in sys.stdin:
        try:
            with open(os.devnull, "w") as nothing:
                with contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
                    found = answer(json.loads(line))
        except Exception as error:  # of any kind: the comparison reports it
            found = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(found), flush=True)


main()
