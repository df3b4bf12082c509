"""DuckDB outside the browser, on one thread: runs a query when told, and says what it cost.

Reads lines of JSON, {"query": …}, and answers each with {"rows": …, "cpu_ms": …, "wall_ms": …}.
"""

import json
import resource
import sys
import time

import duckdb


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for line in sys.stdin:
        query = json.loads(line)["query"]
        wall, cpu = time.perf_counter(), cpu_seconds()
        cursor = connection.execute(query)
        rows = cursor.fetchall()
        answer = {
            "cpu_ms": (cpu_seconds() - cpu) * 1000,
            "wall_ms": (time.perf_counter() - wall) * 1000,
        }
        names = [column[0] for column in cursor.description]
        answer["rows"] = [dict(zip(names, row)) for row in rows]
        print(json.dumps(answer), flush=True)


main()
