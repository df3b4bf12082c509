// The least page that has an answer from wasm in a worker: what any page like ours has to do.

const WORKER = `
  onmessage = async ({ data }) => {
    const module = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    await WebAssembly.instantiate(module);
    postMessage(data.length);
  };`;

globalThis.answer = (text) =>
  new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob([WORKER])));
    worker.onmessage = ({ data }) => {
      document.querySelector("p").textContent = data;
      resolve();
    };
    worker.postMessage(text);
  });
