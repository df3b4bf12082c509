// The worker's side of a job: says that it is ready, runs one job, gives the result.

/** Answers jobs with `run(shape, file)`. */
export function serve(run) {
  addEventListener("message", async ({ data }) => {
    try {
      postMessage({ result: await run(data.shape, data.file) });
    } catch (thrown) {
      postMessage({ error: String(thrown?.stack ?? thrown) });
    }
  });
  postMessage("ready");
}
