/** The WebAssembly module where bundlers import it compiled, as those for Cloudflare's workers do: for init(). */
declare const module: WebAssembly.Module;
export default module;
