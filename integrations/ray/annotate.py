"""Annotates shards, a Ray actor some of them: python annotate.py work/shards.jsonl npx ner-maf predict --model model --shards work"""

import json
import os
import subprocess
import sys

import ray


class Predict:
    """Keeps one process, which has loaded the model."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, row):
        try:
            print(row["item"], file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.end(self.process.wait())
        record = json.loads(line)
        if "error" in record:
            raise RuntimeError(record["error"])
        return {"posts": record["shard"]["lines"], "failed": record["failed"]}

    def end(self, code):
        if 0 <= code < 128:
            # By its own will, as where there is no such model: another would do the same.
            raise RuntimeError(f"The command ended with exit code {code}; its own words are in what Ray printed.")
        # It was killed, and this one is of no use without it: Ray starts another, which gets this shard.
        os._exit(1)


plan, *command = sys.argv[1:]
actors = int(os.environ.get("MAF_ACTORS", "2"))
# Read here, not by a task of Ray: it would want a core, and where actors have taken all, all would wait for ever.
with open(plan) as file:
    shards = file.read().splitlines()
# In several blocks for each actor, so that none waits long for another.
blocks = min(len(shards), 4 * actors)
records = (
    ray.data.from_items(shards, override_num_blocks=blocks)
    # Ray itself would try a block for ever.
    .map(Predict, fn_constructor_args=[command], compute=ray.data.ActorPoolStrategy(size=actors), max_task_retries=4)
    .take_all()
)
lines, failed = (sum(record[name] for record in records) for name in ("posts", "failed"))
print(f"{len(records)} of {len(shards)} shards are done: {lines} posts, {failed} of them error lines.")
