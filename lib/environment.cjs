"use strict";

/**
 * A variable of the environment. Where reading it takes a permission, as in Deno, it counts as unset without one: nobody is asked.
 * @type {(name: string) => string | undefined}
 */
function readVariable(name) {
	const { Deno } = /** @type {any} */ (globalThis);
	const query = { name: "env", variable: name };
	if (Deno && Deno.permissions.querySync(query).state !== "granted")
		return undefined;
	return process.env[name];
}

module.exports = { readVariable };
