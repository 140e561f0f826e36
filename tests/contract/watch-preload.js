// Loaded into a host ahead of its own code (node --import): says on stderr when a tier is asked for a text that fits no symbol.
const MAX_DIGITS = 7089;

for (const id of ["js", "addon", "cli"]) {
	const { default: tier } = await import(`../../server/tiers/${id}.js`);
	const { generate } = tier;
	tier.generate = (text, options) => {
		if (text.length > MAX_DIGITS)
			process.stderr.write(`${id} was asked for ${text.length} units\n`);
		return generate(text, options);
	};
}
