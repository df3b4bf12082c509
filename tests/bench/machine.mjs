// What the system says of processes: their CPU time, thread by thread, and their peak memory.
// It reads Linux's /proc; elsewhere there are no such numbers, and it says so.

import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

/** The nanoseconds of CPU that each thread of these processes has used so far. */
export function cpuOfThreads(processIds) {
  const threads = new Map();
  for (const id of processIds) {
    for (const thread of listed(`/proc/${id}/task`)) {
      const text = read(`/proc/${id}/task/${thread}/schedstat`);
      if (text !== null) threads.set(thread, Number(text.split(" ", 1)[0]));
    }
  }
  return threads;
}

/** The milliseconds of CPU between two such readings: in all, and of the busiest thread. */
export function cpuBetween(before, after) {
  let total = 0;
  let busiest = 0;
  for (const [thread, nanoseconds] of after) {
    const used = nanoseconds - (before.get(thread) ?? 0);
    total += used;
    busiest = Math.max(busiest, used);
  }
  return { total: total / 1e6, busiest: busiest / 1e6 };
}

/** The most memory that a process has held so far, in MB. */
export function peakMemory(processId) {
  const line = read(`/proc/${processId}/status`)?.match(/^VmHWM:\s+(\d+) kB$/m);
  return line ? (Number(line[1]) * 1024) / 1e6 : null;
}

/** Whether a process has a thread whose name begins so. */
export function hasThread(processId, name) {
  return listed(`/proc/${processId}/task`).some((thread) =>
    read(`/proc/${processId}/task/${thread}/comm`)?.startsWith(name),
  );
}

/** The machine, as far as it matters to a measurement. */
export function describe() {
  if (read("/proc/self/schedstat") === null) {
    throw new Error("the CPU time of threads is read from Linux's /proc, which is not here");
  }
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg().map((one) => Math.round(one * 100) / 100),
    system: `${process.platform} ${read("/proc/sys/kernel/osrelease")?.trim() ?? ""}`.trim(),
    node: process.version,
  };
}

function listed(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
