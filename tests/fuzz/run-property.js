// Looks for an input for which a property does not hold: node run-property.js NAME SECONDS SEED. Prints what came out, as JSON. A process of
// its own, since one of the properties depends on whether standard output is a terminal.
import { checkProperty } from "./properties.js";

const [name, seconds, seed] = process.argv.slice(2);
const outcome = await checkProperty(name, {
	seconds: Number(seconds),
	seed: Number(seed),
});
console.log(JSON.stringify(outcome));
