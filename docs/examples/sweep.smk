# A sweep with Snakemake: shards as jobs of their own, then one merge.
#
#   snakemake -s docs/examples/sweep.smk --cores 2 --config sweep=docs/examples/map.yaml out=map
SWEEP = config.get("sweep", "docs/examples/map.yaml")
OUT = config.get("out", "map")
SHARDS = int(config.get("shards", 3))


rule all:
    input:
        f"{OUT}/sweep.csv",


rule shard:
    input:
        SWEEP,
    output:
        f"{OUT}/points-{{i}}-of-{SHARDS}.jsonl",
    threads: 1
    shell:
        f"interphase sweep {SWEEP} -o {OUT} --shard {{wildcards.i}}/{SHARDS} --jobs {{threads}}"


rule merge:
    input:
        expand(f"{OUT}/points-{{i}}-of-{SHARDS}.jsonl", i=range(1, SHARDS + 1)),
    output:
        f"{OUT}/sweep.csv",
        f"{OUT}/results.json",
    shell:
        f"interphase merge {OUT} -o {OUT}"
