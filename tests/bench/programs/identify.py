"""Computes the identifiers of tasks of ten configurations each: `identify.py WORKSPACE COUNT`. Prints seconds."""

import sys
import time

from tasks import Layer, Network

if __name__ == "__main__":
    count = int(sys.argv[2])
    networks = [
        Network.C(number=number, layers=[Layer.C(size=size, name=f"{number}.{size}") for size in range(9)])
        for number in range(count)
    ]
    start = time.perf_counter()
    for network in networks:
        network.__identifier__()
    print(time.perf_counter() - start)
