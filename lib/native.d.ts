/** A native module: what addon/src/addon.c exports. */
declare module "*.node" {
	const native: unknown;
	export = native;
}
