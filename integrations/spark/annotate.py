"""Annotates shards, a Spark task some of them: spark-submit annotate.py work/shards.jsonl npx ner-maf predict --model model --shards work"""

import json
import os
import shlex
import sys

from pyspark.sql import SparkSession

plan, *command = sys.argv[1:]
context = SparkSession.builder.appName("ner-maf").getOrCreate().sparkContext
with open(plan) as file:
    shards = file.read().splitlines()
# Each task starts the command, which loads the model; a task that is lost is begun again, and skips what it had done.
tasks = min(len(shards), int(context.getConf().get("spark.maf.tasks", str(4 * context.defaultParallelism))))
records = (
    context.parallelize(shards, tasks)
    .pipe(shlex.join(command), env=dict(os.environ), checkCode=True)
    .map(json.loads)
    .map(lambda record: (record["shard"]["lines"], record["failed"]))
    .collect()
)
lines, failed = (sum(counts) for counts in zip(*records))
print(f"{len(records)} of {len(shards)} shards are done: {lines} posts, {failed} of them error lines.")
context.stop()
