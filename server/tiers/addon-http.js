import addon from "./addon.js";

/** @type {Server.EngineTier} */
export default {
	...addon,
	id: "addon-http",
	title: "the core through Node-API, answered by node:http ahead of Express",
	aheadOfExpress: true,
};
