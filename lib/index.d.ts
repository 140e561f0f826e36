import * as api from "./index.cjs";

export * from "./index.cjs";
export default api;
