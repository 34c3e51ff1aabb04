"""Runs a program after a Ray of two cores was started in a folder: bounded_ray.py FOLDER PROGRAM ARGUMENTS..."""

import runpy
import sys

import ray

folder, *sys.argv = sys.argv[1:]
ray.init(
    num_cpus=2,
    include_dashboard=False,
    object_store_memory=200 * 2**20,
    _node_ip_address="127.0.0.1",
    _temp_dir=folder,
)
runpy.run_path(sys.argv[0], run_name="__main__")
